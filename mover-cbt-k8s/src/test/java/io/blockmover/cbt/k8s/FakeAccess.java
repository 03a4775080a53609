package io.blockmover.cbt.k8s;

import io.blockmover.api.MoverException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A cluster that a test has furnished. */
final class FakeAccess implements ServiceAccess {

  final Map<String, ServiceEndpoint> services = new ConcurrentHashMap<>();
  final AtomicInteger tokensDiscarded = new AtomicInteger();
  final AtomicInteger looks = new AtomicInteger();
  volatile String token = "token";
  volatile String tokenAfterDiscard = "token";
  volatile @Nullable Supplier<? extends MoverException> snapshotTrouble;
  volatile @Nullable Supplier<? extends MoverException> serviceTrouble;

  FakeAccess with(ServiceEndpoint endpoint) {
    services.put(endpoint.driver(), endpoint);
    return this;
  }

  @Override
  public Optional<ServiceEndpoint> find(String driver) throws MoverException {
    Supplier<? extends MoverException> trouble = serviceTrouble;
    if (trouble != null) {
      throw trouble.get();
    }
    return Optional.ofNullable(services.get(driver));
  }

  @Override
  public String token(ServiceEndpoint endpoint) {
    return token;
  }

  @Override
  public void discardToken(ServiceEndpoint endpoint) {
    tokensDiscarded.incrementAndGet();
    token = tokenAfterDiscard;
  }

  @Override
  public void requireUsable(String namespace, String snapshot) throws MoverException {
    looks.incrementAndGet();
    Supplier<? extends MoverException> trouble = snapshotTrouble;
    if (trouble != null) {
      throw trouble.get();
    }
  }
}
