package io.blockmover.engine.backup;

import io.blockmover.api.MoverException;

/** What an earlier run did for a pass, and who writes down what this one does. */
interface Journal extends InOrder.Consumer {

  /** Begins at the beginning and writes nothing down. */
  Journal NONE =
      new Journal() {
        @Override
        public long resume(BackupLayers layers) {
          return 0;
        }

        @Override
        public void accept(CellResult result) {}
      };

  /**
   * Adds what an earlier run found to the layers.
   *
   * @return the offset up to which nothing is left to do
   */
  long resume(BackupLayers layers) throws MoverException;
}
