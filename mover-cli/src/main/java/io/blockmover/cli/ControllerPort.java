package io.blockmover.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.blockmover.api.MoverException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** Where Prometheus and the kubelet ask. */
final class ControllerPort implements AutoCloseable {

  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private final Optional<HttpServer> server;
  private final Optional<ExecutorService> threads;

  private ControllerPort(Optional<HttpServer> server, Optional<ExecutorService> threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Begins to answer.
   *
   * @param port 0 for not at all
   */
  static ControllerPort open(int port, ControllerFigures figures, BooleanSupplier alive)
      throws Complaint {
    if (port == 0) {
      return new ControllerPort(Optional.empty(), Optional.empty());
    }
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
      ExecutorService threads =
          Executors.newFixedThreadPool(
              2, task -> Thread.ofPlatform().daemon().name("port").unstarted(task));
      server.setExecutor(threads);
      server.createContext("/metrics", exchange -> metrics(exchange, figures));
      server.createContext("/healthz", exchange -> health(exchange, alive));
      server.createContext("/readyz", exchange -> health(exchange, alive));
      server.start();
      return new ControllerPort(Optional.of(server), Optional.of(threads));
    } catch (IOException e) {
      throw Complaint.failure(
          "cannot listen on port " + port + ": " + e, "give another with --metrics-port");
    }
  }

  private static void metrics(HttpExchange exchange, ControllerFigures figures) throws IOException {
    try {
      answer(exchange, OK, figures.text());
    } catch (MoverException e) {
      answer(exchange, UNAVAILABLE, e.getMessage() + "\n");
    }
  }

  /** Figures in Prometheus' text format. */
  @FunctionalInterface
  interface ControllerFigures {
    String text() throws MoverException;
  }

  /** Where it listens; 0 if it does not. */
  int port() {
    return server.map(each -> each.getAddress().getPort()).orElse(0);
  }

  private static void health(HttpExchange exchange, BooleanSupplier alive) throws IOException {
    boolean well = alive.getAsBoolean();
    answer(exchange, well ? OK : UNAVAILABLE, well ? "ok\n" : "nothing was done for minutes\n");
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.ifPresent(each -> each.stop(0));
    threads.ifPresent(ExecutorService::shutdownNow);
  }
}
