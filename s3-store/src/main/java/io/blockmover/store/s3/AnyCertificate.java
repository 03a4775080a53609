package io.blockmover.store.s3;

import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/** HTTP clients that take any certificate, because their user said so. */
final class AnyCertificate {

  private static final AttributeMap TAKEN =
      AttributeMap.builder().put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true).build();

  private AnyCertificate() {}

  record Blocking(Apache5HttpClient.Builder http) implements SdkHttpClient.Builder<Blocking> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      return http.buildWithDefaults(TAKEN.merge(defaults));
    }
  }

  record Netty(NettyNioAsyncHttpClient.Builder http) implements SdkAsyncHttpClient.Builder<Netty> {
    @Override
    public SdkAsyncHttpClient buildWithDefaults(AttributeMap defaults) {
      return http.buildWithDefaults(TAKEN.merge(defaults));
    }
  }
}
