package io.blockmover.repository.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.blockmover.api.CorruptData;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * Records as JSON and back: unknown members are ignored, times are ISO 8601, arrays of bytes are
 * base64. Missing lists arrive as null in the record's compact constructor.
 */
public final class Json {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.ALWAYS, JsonInclude.Include.USE_DEFAULTS))
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, new InstantWriter())
                  .addDeserializer(Instant.class, new InstantReader()))
          .build();

  private Json() {}

  /** The record as UTF-8 on one line. */
  public static byte[] write(Object record) {
    try {
      return MAPPER.writeValueAsBytes(record);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + record.getClass(), e);
    }
  }

  /**
   * Reads a record.
   *
   * @param key where the bytes are from, for the message
   * @throws CorruptData if they are not JSON, or not such a record
   */
  public static <T> T read(byte[] json, Class<T> type, String key) throws CorruptData {
    T record;
    try {
      record = MAPPER.readValue(json, type);
    } catch (IOException e) {
      String problem = e instanceof JacksonException j ? j.getOriginalMessage() : e.getMessage();
      throw new CorruptData(
          key, "a " + type.getSimpleName() + " as JSON", String.valueOf(problem), e);
    }
    if (record == null) {
      throw new CorruptData(key, "a " + type.getSimpleName() + " as JSON", "null");
    }
    return record;
  }

  private static final class InstantWriter extends JsonSerializer<Instant> {
    @Override
    public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(value.toString());
    }
  }

  private static final class InstantReader extends JsonDeserializer<Instant> {
    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
      String text = in.getValueAsString("");
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        throw context.weirdStringException(text, Instant.class, e.getMessage());
      }
    }
  }
}
