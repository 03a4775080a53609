package io.blockmover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.blockmover.api.ClusterUnavailable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ControllerPortTest {

  private final AtomicBoolean alive = new AtomicBoolean(true);

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void figuresAndHealthAreTold() throws Exception {
    int port = freePort();
    try (ControllerPort _ = ControllerPort.open(port, () -> "a 1\n", alive::get)) {
      assertThat(get(port, "/metrics").body()).isEqualTo("a 1\n");
      assertThat(get(port, "/healthz").statusCode()).isEqualTo(200);
      assertThat(get(port, "/readyz").statusCode()).isEqualTo(200);
      alive.set(false);
      assertThat(get(port, "/healthz").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void figuresThatCannotBeReadAreNoZeros() throws Exception {
    int port = freePort();
    ControllerPort.ControllerFigures broken =
        () -> {
          throw new ClusterUnavailable("the API server is away", "", null);
        };
    try (ControllerPort _ = ControllerPort.open(port, broken, alive::get)) {
      assertThat(get(port, "/metrics").statusCode()).isEqualTo(503);
      assertThat(get(port, "/metrics").body()).contains("away");
    }
  }

  @Test
  void withoutAPortNothingListens() throws Exception {
    try (ControllerPort none = ControllerPort.open(0, () -> "", alive::get)) {
      assertThat(none.port()).isZero();
    }
  }
}
