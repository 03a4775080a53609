package io.blockmover.repository.session;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a session does. */
public enum SessionKind {
  @JsonProperty("backup")
  BACKUP,
  @JsonProperty("restore")
  RESTORE,
  @JsonProperty("verify")
  VERIFY,
  @JsonProperty("gc")
  COLLECTION
}
