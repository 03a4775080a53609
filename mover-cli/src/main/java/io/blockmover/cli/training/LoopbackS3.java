package io.blockmover.cli.training;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The least of an S3 server: enough for the real client to init, back up and restore, in memory and
 * on the loopback interface. It exists so that a training run loads the classes of the S3 client;
 * it checks no signature and must not hold data of anybody.
 */
public final class LoopbackS3 implements HttpHandler, AutoCloseable {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
  private static final Pattern DELETED_KEY = Pattern.compile("<Key>([^<]*)</Key>");

  private final NavigableMap<String, byte[]> objects = new TreeMap<>();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  /** Starts it on a free port. */
  public LoopbackS3() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this);
    server.start();
  }

  /** Its address, for {@code --s3-endpoint}. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** One request; another server may hand on its own. */
  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      // /bucket/key; there is one bucket, whatever it is called
      String path = exchange.getRequestURI().getPath();
      int slash = path.indexOf('/', 1);
      String key = slash < 0 ? "" : path.substring(slash + 1);
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      synchronized (this) {
        switch (exchange.getRequestMethod()) {
          case "PUT" -> put(exchange, key, body);
          case "DELETE" -> {
            objects.remove(key);
            send(exchange, 204, new byte[0]);
          }
          case "POST" -> deleteAll(exchange, new String(body, StandardCharsets.UTF_8));
          default -> {
            if (key.isEmpty()) {
              list(exchange, query);
            } else {
              get(exchange, key);
            }
          }
        }
      }
    }
  }

  private void put(HttpExchange exchange, String key, byte[] body) throws IOException {
    byte[] present = objects.get(key);
    String wanted = exchange.getRequestHeaders().getFirst("If-Match");
    boolean onlyNew = exchange.getRequestHeaders().containsKey("If-None-Match");
    if (damaged(exchange, body)) {
      refuse(exchange, 400, "BadDigest");
    } else if (wanted != null && present == null) {
      refuse(exchange, 404, "NoSuchKey");
    } else if (present != null && (onlyNew || !tag(present).equals(unquoted(wanted, present)))) {
      refuse(exchange, 412, "PreconditionFailed");
    } else {
      objects.put(key, body);
      exchange.getResponseHeaders().set("ETag", '"' + tag(body) + '"');
      send(exchange, 200, new byte[0]);
    }
  }

  /** The version asked for; where none is, the one that there is. */
  private static String unquoted(@Nullable String wanted, byte[] present) {
    return wanted == null ? tag(present) : wanted.replace("\"", "");
  }

  /** Whether the body differs from the CRC-32C that came with it. */
  private static boolean damaged(HttpExchange exchange, byte[] body) {
    String sent = exchange.getRequestHeaders().getFirst("x-amz-checksum-crc32c");
    CRC32C crc = new CRC32C();
    crc.update(body);
    byte[] own = ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
    return sent != null && !Base64.getEncoder().encodeToString(own).equals(sent);
  }

  private void get(HttpExchange exchange, String key) throws IOException {
    byte[] object = objects.get(key);
    if (object == null) {
      refuse(exchange, 404, "NoSuchKey");
      return;
    }
    exchange.getResponseHeaders().set("ETag", '"' + tag(object) + '"');
    exchange.getResponseHeaders().set("Last-Modified", "Sat, 21 Nov 2026 00:00:00 GMT");
    Matcher range = RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
    if (!range.matches()) {
      send(exchange, 200, object);
      return;
    }
    int from = Integer.parseInt(range.group(1));
    int last = range.group(2).isEmpty() ? object.length : Integer.parseInt(range.group(2));
    int end = Math.min(object.length, last + 1);
    if (from >= end) {
      refuse(exchange, 416, "InvalidRange");
      return;
    }
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + (end - 1) + "/" + object.length);
    send(exchange, 206, Arrays.copyOfRange(object, from, end));
  }

  private void list(HttpExchange exchange, String query) throws IOException {
    String prefix = parameter(query, "prefix");
    String after = parameter(query, "start-after");
    StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
    objects
        .tailMap(prefix, true)
        .forEach(
            (key, object) -> {
              if (key.startsWith(prefix) && key.compareTo(after) > 0) {
                xml.append("<Contents><Key>").append(key).append("</Key><Size>");
                xml.append(object.length).append("</Size><ETag>").append(tag(object));
                xml.append("</ETag><LastModified>2026-11-21T00:00:00.000Z</LastModified>");
                xml.append("</Contents>");
              }
            });
    send(exchange, 200, bytes(xml.append("</ListBucketResult>").toString()));
  }

  private static String parameter(String query, String name) {
    Matcher given = Pattern.compile("(?:^|&)" + name + "=([^&]*)").matcher(query);
    return given.find() ? given.group(1) : "";
  }

  private void deleteAll(HttpExchange exchange, String request) throws IOException {
    DELETED_KEY.matcher(request).results().forEach(key -> objects.remove(key.group(1)));
    send(exchange, 200, bytes("<DeleteResult></DeleteResult>"));
  }

  /** Answers with an error as S3 does. */
  public static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    send(exchange, status, bytes("<Error><Code>" + code + "</Code></Error>"));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
    }
    exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Any version tag that differs when the content does; nothing here is an enemy. */
  private static String tag(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return HexFormat.of().toHexDigits(crc.getValue()) + HexFormat.of().toHexDigits(content.length);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
