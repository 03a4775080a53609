package io.blockmover.store.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3BaseClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The two clients of a store, each made when it is first needed: a blocking one for everything that
 * answers with bytes (it reads without garbage), and Netty for bodies that we send (it sends a
 * direct buffer as it is).
 */
final class S3Clients implements AutoCloseable {

  static final Duration SILENCE = Duration.ofSeconds(30);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  // Shorter than any server's or load balancer's: a connection that they closed fails a PUT.
  private static final Duration IDLE = Duration.ofSeconds(10);
  // Permits bound the calls; the pool must never be what waits.
  private static final int SPARE_CONNECTIONS = 4;
  private static final int EVENT_LOOPS = 2;

  private S3Options options;
  private final Region region;
  private final AwsCredentialsProvider credentials;
  private final Optional<EnvironmentProxy> proxy;
  private final Duration silence;

  private @Nullable S3Client reading;
  private @Nullable S3AsyncClient writing;
  private @Nullable SdkEventLoopGroup eventLoops;
  private boolean closed;

  S3Clients(
      S3Options options,
      Region region,
      AwsCredentialsProvider credentials,
      Map<String, String> environment,
      URI server,
      Duration silence) {
    this.options = options;
    this.region = region;
    this.credentials = credentials;
    this.proxy = EnvironmentProxy.choose(environment, server);
    this.silence = silence;
  }

  /** Other settings for clients that have not been made yet. */
  synchronized void adopt(S3Options better) {
    options = better;
  }

  synchronized S3Client reading() {
    requireOpen();
    if (reading == null) {
      reading = configure(S3Client.builder()).httpClientBuilder(blockingHttp()).build();
    }
    return reading;
  }

  synchronized S3AsyncClient writing() {
    requireOpen();
    if (writing == null) {
      SdkEventLoopGroup loops = SdkEventLoopGroup.builder().numberOfThreads(EVENT_LOOPS).build();
      eventLoops = loops;
      writing =
          configure(S3AsyncClient.builder())
              .httpClientBuilder(nettyHttp(loops))
              .asyncConfiguration(
                  c ->
                      c.advancedOption(
                          SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
              .build();
    }
    return writing;
  }

  synchronized void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (reading != null) {
      reading.close();
    }
    if (writing != null) {
      writing.close();
    }
    if (eventLoops != null) {
      // Left to the SDK, this would wait two seconds for silence. The threads are daemons.
      var _ = eventLoops.eventLoopGroup().shutdownGracefully(100, 1000, TimeUnit.MILLISECONDS);
    }
  }

  private <B extends S3BaseClientBuilder<B, C>, C> B configure(B builder) {
    options.endpoint().ifPresent(builder::endpointOverride);
    return builder
        .region(region)
        .credentialsProvider(credentials)
        .forcePathStyle(options.pathStyle())
        .disableS3ExpressSessionAuth(true)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .serviceConfiguration(c -> c.expectContinueEnabled(options.expectContinue()))
        .addPlugin(LegacyMd5Plugin.create())
        .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()));
  }

  private SdkHttpClient.Builder<?> blockingHttp() {
    Apache5HttpClient.Builder http =
        Apache5HttpClient.builder()
            .maxConnections(options.maxConcurrency() + SPARE_CONNECTIONS)
            .connectionTimeout(CONNECT)
            .socketTimeout(silence)
            .connectionMaxIdleTime(IDLE)
            .tcpKeepAlive(true)
            .proxyConfiguration(blockingProxy());
    if (options.insecure()) {
      return new AnyCertificate.Blocking(http);
    }
    options.authorities().ifPresent(known -> http.tlsTrustManagersProvider(known::managers));
    return http;
  }

  private SdkAsyncHttpClient.Builder<?> nettyHttp(SdkEventLoopGroup loops) {
    NettyNioAsyncHttpClient.Builder http =
        NettyNioAsyncHttpClient.builder()
            .maxConcurrency(options.maxConcurrency() + SPARE_CONNECTIONS)
            .connectionTimeout(CONNECT)
            .readTimeout(silence)
            .writeTimeout(silence)
            .connectionMaxIdleTime(IDLE)
            .tcpKeepAlive(true)
            .eventLoopGroup(loops)
            .proxyConfiguration(nettyProxy());
    if (options.insecure()) {
      return new AnyCertificate.Netty(http);
    }
    options.authorities().ifPresent(known -> http.tlsTrustManagersProvider(known::managers));
    return http;
  }

  private software.amazon.awssdk.http.apache5.ProxyConfiguration blockingProxy() {
    var configuration =
        software.amazon.awssdk.http.apache5.ProxyConfiguration.builder()
            .useSystemPropertyValues(false)
            .useEnvironmentVariableValues(false);
    proxy.ifPresent(
        p ->
            configuration
                .endpoint(
                    URI.create(p.uri().getScheme() + "://" + p.uri().getHost() + ":" + p.port()))
                .username(p.user())
                .password(p.password()));
    return configuration.build();
  }

  private software.amazon.awssdk.http.nio.netty.ProxyConfiguration nettyProxy() {
    var configuration =
        software.amazon.awssdk.http.nio.netty.ProxyConfiguration.builder()
            .useSystemPropertyValues(false)
            .useEnvironmentVariableValues(false);
    proxy.ifPresent(
        p ->
            configuration
                .scheme(p.uri().getScheme())
                .host(p.uri().getHost())
                .port(p.port())
                .username(p.user())
                .password(p.password()));
    return configuration.build();
  }
}
