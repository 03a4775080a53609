package io.blockmover.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class EnvironmentProxyTest {

  private static final URI HTTPS = URI.create("https://s3.eu-west-3.amazonaws.com");
  private static final URI HTTP = URI.create("http://store.lan:9000");

  @Test
  void theSchemeOfTheEndpointChooses() {
    Map<String, String> environment =
        Map.of("HTTPS_PROXY", "http://user:word@proxy:3128", "http_proxy", "other");
    EnvironmentProxy secure = EnvironmentProxy.choose(environment, HTTPS).orElseThrow();
    assertThat(secure.uri().getHost()).isEqualTo("proxy");
    assertThat(secure.port()).isEqualTo(3128);
    assertThat(secure.user()).isEqualTo("user");
    assertThat(secure.password()).isEqualTo("word");
    EnvironmentProxy plain = EnvironmentProxy.choose(environment, HTTP).orElseThrow();
    assertThat(plain.uri()).isEqualTo(URI.create("http://other"));
    assertThat(plain.port()).isEqualTo(80);
  }

  @Test
  void hostsOfNoProxyAreReachedDirectly() {
    for (String list : new String[] {"*", "store.lan", "x, .lan", "*.lan,y", "store.lan:9000"}) {
      assertThat(EnvironmentProxy.choose(Map.of("HTTP_PROXY", "proxy:1", "NO_PROXY", list), HTTP))
          .as(list)
          .isEmpty();
    }
    for (String list : new String[] {"", "tore.lan", "store", "lan.store"}) {
      assertThat(EnvironmentProxy.choose(Map.of("HTTP_PROXY", "proxy:1", "NO_PROXY", list), HTTP))
          .as(list)
          .isPresent();
    }
    assertThat(EnvironmentProxy.choose(Map.of(), HTTPS)).isEmpty();
  }

  @Test
  void bothClientsGoThroughTheProxy() throws IOException {
    try (FaultProxy proxy = new FaultProxy(LocalS3.port())) {
      S3Connection direct =
          LocalS3.connection(
              URI.create("http://store.invalid:9000"), LocalS3.freshLocation(), Map.of());
      S3Connection proxied =
          new S3Connection(
              direct.location(),
              direct.options(),
              StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")),
              Map.of("HTTP_PROXY", proxy.endpoint().toString()),
              Duration.ofSeconds(2));
      proxy.queue(FaultProxy.reply("HTTP/1.1 200 OK\r\nETag: \"tag\"", "body"));
      proxy.queue(FaultProxy.reply("HTTP/1.1 200 OK\r\nETag: \"tag\"", ""));
      try (S3ObjectStore store = proxied.store()) {
        assertThat(store.load("k", 10).bytes()).hasSize(4);
        assertThat(store.put("k", ByteBuffer.allocate(3)).value()).isEqualTo("tag");
      }
      assertThat(proxy.requests()).hasSize(3);
      assertThat(proxy.requests().get(0)).contains("GET http://store.invalid:9000/");
      // Netty makes a tunnel even where it need not.
      assertThat(proxy.requests().get(1)).contains("CONNECT store.invalid:9000");
      assertThat(proxy.requests().get(2)).contains("PUT /");
    }
  }
}
