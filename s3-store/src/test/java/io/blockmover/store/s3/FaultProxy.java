package io.blockmover.store.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * Stands between client and server, one request a connection, and does one queued fault to each
 * request; with an empty queue it only passes on.
 */
final class FaultProxy implements AutoCloseable {

  /** What can be done to a request and its answer. */
  interface Fault {
    void apply(Exchange exchange) throws IOException;
  }

  private final ServerSocket listener;
  private final int serverPort;
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  FaultProxy(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** The head of each request so far. */
  List<String> requests() {
    return requests;
  }

  void queue(Fault fault) {
    faults.add(fault);
  }

  static Fault pass() {
    return exchange -> exchange.answer(exchange.ask(exchange.body()));
  }

  /** The server does it, but its answer never arrives. */
  static Fault loseReply() {
    return exchange -> {
      exchange.ask(exchange.body());
      exchange.reset();
    };
  }

  /** The connection breaks before the server has seen anything. */
  static Fault resetRequest() {
    return Exchange::reset;
  }

  static Fault reply(String head, String body) {
    return exchange -> {
      exchange.body();
      exchange.answer(
          (head + "\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body)
              .getBytes(ISO_8859_1));
    };
  }

  /** Only the first bytes of the answer's body arrive. */
  static Fault cutAnswer(int bodyBytes) {
    return exchange -> {
      byte[] whole = exchange.ask(exchange.body());
      int end = new String(whole, ISO_8859_1).indexOf("\r\n\r\n") + 4 + bodyBytes;
      byte[] cut = Arrays.copyOf(whole, end);
      exchange.answer(cut);
    };
  }

  static Fault flipBitOfRequest() {
    return exchange -> {
      byte[] body = exchange.body();
      body[body.length / 2] ^= 0x10;
      exchange.answer(exchange.ask(body));
    };
  }

  /** Takes the request and never says anything. */
  Fault hang() {
    return exchange -> {
      exchange.body();
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = readHead(client.getInputStream());
      requests.add(head);
      if (head.startsWith("CONNECT ")) {
        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
        client.getOutputStream().flush();
        head = readHead(client.getInputStream());
        requests.add(head);
      }
      Fault fault = faults.poll();
      (fault == null ? pass() : fault).apply(new Exchange(client, head));
    } catch (IOException e) {
      // The client went away, as it may.
    } finally {
      open.remove(client);
    }
  }

  private static String readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("no request");
      }
      head.write(b);
      matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : (b == '\r' ? 1 : 0);
    }
    return head.toString(ISO_8859_1);
  }

  /** One request and its answer. */
  final class Exchange {

    private final Socket client;
    private final String head;

    private Exchange(Socket client, String head) {
      this.client = client;
      this.head = head;
    }

    /** Request line and headers. */
    String head() {
      return head;
    }

    /** The request's body, wholly received. */
    byte[] body() throws IOException {
      int length = 0;
      for (String line : head.split("\r\n")) {
        String lower = line.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
        } else if (lower.startsWith("expect:")) {
          client.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
          client.getOutputStream().flush();
        }
      }
      byte[] body = client.getInputStream().readNBytes(length);
      if (body.length < length) {
        throw new EOFException("the client stopped sending");
      }
      return body;
    }

    /** The server's whole answer to this request with that body. */
    byte[] ask(byte[] body) throws IOException {
      StringBuilder passed = new StringBuilder();
      for (String line : head.split("\r\n")) {
        String lower = line.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("connection:") && !lower.startsWith("expect:")) {
          passed.append(line).append("\r\n");
        }
      }
      passed.append("Connection: close\r\n\r\n");
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
        OutputStream out = server.getOutputStream();
        out.write(passed.toString().getBytes(ISO_8859_1));
        out.write(body);
        out.flush();
        return server.getInputStream().readAllBytes();
      }
    }

    void answer(byte[] bytes) throws IOException {
      client.getOutputStream().write(bytes);
      client.getOutputStream().flush();
    }

    void reset() throws IOException {
      client.setSoLinger(true, 0);
      client.close();
    }
  }
}
