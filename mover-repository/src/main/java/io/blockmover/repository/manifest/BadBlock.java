package io.blockmover.repository.manifest;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** Bytes that could not be read; in JSON a pair. */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"offset", "length"})
public record BadBlock(long offset, long length) {}
