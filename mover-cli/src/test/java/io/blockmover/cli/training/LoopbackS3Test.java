package io.blockmover.cli.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopbackS3Test {

  private final HttpClient client = HttpClient.newHttpClient();
  private LoopbackS3 s3;

  @BeforeEach
  void start() throws Exception {
    s3 = new LoopbackS3();
  }

  @AfterEach
  void stop() {
    s3.close();
    client.close();
  }

  @Test
  void keepsWhatItIsGivenAndServesRangesOfIt() throws Exception {
    assertThat(send("PUT", "a/b", "0123456789").statusCode()).isEqualTo(200);
    assertThat(send("GET", "a/b", "").body()).isEqualTo("0123456789");
    HttpResponse<String> part = send("GET", "a/b", "", "Range", "bytes=3-5");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("345");
    assertThat(send("GET", "?prefix=a", "").body()).contains("<Key>a/b</Key>");
    assertThat(send("DELETE", "a/b", "").statusCode()).isEqualTo(204);
    assertThat(send("GET", "a/b", "").statusCode()).isEqualTo(404);
  }

  @Test
  void holdsConditionsAsTheProbeOfInitExpects() throws Exception {
    String first = send("PUT", "k", "1").headers().firstValue("ETag").orElseThrow();
    assertThat(send("PUT", "k", "2", "If-None-Match", "*").statusCode()).isEqualTo(412);
    assertThat(send("PUT", "k", "2", "If-Match", first).statusCode()).isEqualTo(200);
    assertThat(send("PUT", "k", "3", "If-Match", first).statusCode()).isEqualTo(412);
    assertThat(send("PUT", "other", "3", "If-Match", first).statusCode()).isEqualTo(404);
    assertThat(send("GET", "k", "").body()).isEqualTo("2");
  }

  private HttpResponse<String> send(String method, String key, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(s3.endpoint() + "/bucket/" + key))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
