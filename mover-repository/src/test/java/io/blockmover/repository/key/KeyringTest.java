package io.blockmover.repository.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.blockmover.api.MoverException;
import io.blockmover.api.WrongPassword;
import io.blockmover.api.store.ForwardingObjectStore;
import io.blockmover.api.store.ObjectStore;
import io.blockmover.repository.Randomness;
import io.blockmover.repository.Repository;
import io.blockmover.repository.RepositoryInit;
import io.blockmover.testkit.MemoryObjectStore;
import java.security.SecureRandom;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class KeyringTest {

  private final ObjectStore store = new MemoryObjectStore();

  private Repository open(ObjectStore through, String password) throws MoverException {
    return Repository.open(through, password, Clock.systemUTC(), Randomness.secure());
  }

  private static String slotInUse(Repository repository) throws MoverException {
    return repository.keyring().list().stream()
        .filter(KeySlotSummary::inUse)
        .findFirst()
        .orElseThrow()
        .id();
  }

  @Test
  void twoWhoRemoveEachOthersPasswordAtOnceLeaveOneThatOpens() throws Exception {
    new RepositoryInit(store, Clock.systemUTC(), new SecureRandom())
        .create(RepositoryInit.Options.withPassword("ours"));
    open(store, "ours").keyring().add("theirs", false, "");
    Repository theirs = open(store, "theirs");
    String ours = slotInUse(open(store, "ours"));
    // When ours has deleted theirs and not looked yet, they, who came in before, delete ours.
    ObjectStore crossing =
        new ForwardingObjectStore(store) {
          private boolean crossed;

          @Override
          public void delete(String key) throws MoverException {
            next().delete(key);
            if (!crossed) {
              crossed = true;
              next().delete("keys/" + ours);
            }
          }
        };
    open(crossing, "ours").keyring().remove(slotInUse(theirs));
    assertThat(slotInUse(open(store, "ours"))).isEqualTo(ours);
  }

  @Test
  void aPasswordThatWasReplacedMeanwhileIsNotPutBack() throws Exception {
    new RepositoryInit(store, Clock.systemUTC(), new SecureRandom())
        .create(RepositoryInit.Options.withPassword("ours"));
    open(store, "ours").keyring().add("theirs", false, "");
    String theirs = slotInUse(open(store, "theirs"));
    ObjectStore meanwhile =
        new ForwardingObjectStore(store) {
          private boolean replaced;

          @Override
          public void delete(String key) throws MoverException {
            if (!replaced) {
              replaced = true;
              open(next(), "ours").keyring().change("changed");
            }
            next().delete(key);
          }
        };
    open(meanwhile, "ours").keyring().remove(theirs);
    assertThatThrownBy(() -> open(store, "ours")).isInstanceOf(WrongPassword.class);
    assertThat(open(store, "changed").keyring().list()).hasSize(1);
  }
}
