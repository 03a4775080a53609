package io.blockmover.engine.backup;

import io.blockmover.api.Extent;
import io.blockmover.api.MoverException;
import io.blockmover.api.source.BlockSource;
import io.blockmover.api.tracking.ChangeId;
import io.blockmover.api.tracking.ExtentCursor;
import io.blockmover.api.tracking.ExtentQuality;
import io.blockmover.engine.progress.Cancellation;
import io.blockmover.engine.progress.Progress;
import io.blockmover.engine.progress.Progress.Phase;
import io.blockmover.repository.Operation;
import io.blockmover.repository.Repository;
import io.blockmover.repository.commit.BackupSession;
import io.blockmover.repository.commit.CommitOutcome;
import io.blockmover.repository.manifest.Manifest;
import io.blockmover.repository.pack.PackName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The job that backs one volume up. */
public final class Backup {

  /** How often chunks that GC condemned are stored again before the backup gives up. */
  private static final int MAX_ROUNDS = 8;

  private final Repository repository;
  private final BackupRequest request;
  private final Progress progress;
  private final Cancellation cancellation;

  public Backup(
      Repository repository,
      BackupRequest request,
      Progress progress,
      Cancellation cancellation) {
    this.repository = repository;
    this.request = request;
    this.progress = progress;
    this.cancellation = cancellation;
  }

}
