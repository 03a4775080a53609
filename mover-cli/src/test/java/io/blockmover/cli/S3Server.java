package io.blockmover.cli;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.blockmover.cli.training.LoopbackS3;
import io.blockmover.testkit.SelfSignedCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An S3 server in this process that can be told to go wrong. Holds one bucket, {@code bucket}. */
final class S3Server implements AutoCloseable {

  private final LoopbackS3 store = new LoopbackS3();
  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Headers> puts = new CopyOnWriteArrayList<>();
  private volatile Trouble trouble = exchange -> false;

  /** What is wrong with the server. */
  interface Trouble {
    /** Answers the request, and says true; or leaves it to the store. */
    boolean answers(HttpExchange exchange) throws IOException;
  }

  private S3Server(HttpServer server, String scheme) throws IOException {
    this.server = server;
    this.scheme = scheme;
    server.setExecutor(threads);
    server.createContext("/", serve());
    server.start();
  }

  static S3Server start() throws IOException {
    return new S3Server(HttpServer.create(loopback(), 0), "http");
  }

  /** Speaks TLS, with a certificate that signed itself. */
  static S3Server startTls(SelfSignedCertificate certificate) throws Exception {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(certificate.store(), SelfSignedCertificate.PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new S3Server(server, "https");
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
  }

  private HttpHandler serve() {
    return exchange -> {
      if (exchange.getRequestMethod().equals("PUT")) {
        puts.add(exchange.getRequestHeaders());
      }
      if (trouble.answers(exchange)) {
        return;
      }
      if (exchange.getRequestURI().getPath().matches("/bucket(/.*)?")) {
        store.handle(exchange);
      } else {
        try (exchange) {
          exchange.getRequestBody().readAllBytes();
          LoopbackS3.refuse(exchange, 404, "NoSuchBucket");
        }
      }
    };
  }

  String endpoint() {
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on; the last one wins. */
  void trouble(Trouble next) {
    trouble = next;
  }

  /** Refuses requests of a method, for keys that hold a text. */
  void refuse(String method, String keyPart, int status, String code) {
    trouble =
        exchange -> {
          if (!exchange.getRequestMethod().equals(method)
              || !exchange.getRequestURI().getPath().contains(keyPart)) {
            return false;
          }
          exchange.getRequestBody().readAllBytes();
          LoopbackS3.refuse(exchange, status, code);
          exchange.close();
          return true;
        };
  }

  /** The headers of all PUTs so far. */
  List<Headers> puts() {
    return puts;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
    store.close();
  }
}
