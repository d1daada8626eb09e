package io.tagstream.ingestion.decode.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads event times: numbers since the epoch in some unit, or text in some format. */
final class TimeReader {

  static final String MILLIS = "epoch-millis";
  static final String ISO = "iso-8601";

  /** By how many digits a number of the unit is shifted to be milliseconds. */
  private static final Map<String, Integer> EPOCH_SHIFT =
      Map.of(MILLIS, 0, "epoch-micros", -3, "epoch-seconds", 3);

  private final String name;
  private final @Nullable Integer shift;
  private final @Nullable DateTimeFormatter formatter;
  private final ZoneId zone;

  /**
   * A reader of one format.
   *
   * @param format as in {@link FieldRule#format}; null for whole numbers of milliseconds and ISO
   *     8601, whichever comes
   * @throws IllegalArgumentException when format or zone is none; the message names which
   */
  TimeReader(@Nullable String format, @Nullable String zone) {
    this.name = format == null ? MILLIS + " or " + ISO : format;
    this.zone = zone(zone);
    this.shift = format == null ? Integer.valueOf(0) : EPOCH_SHIFT.get(format);
    this.formatter = shift != null && format != null ? null : formatter(format);
  }

  private static ZoneId zone(@Nullable String zone) {
    try {
      return zone == null ? ZoneOffset.UTC : ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "zone: " + zone + " - must be a time zone such as UTC, +02:00 or Europe/Berlin", e);
    }
  }

  private static DateTimeFormatter formatter(@Nullable String format) {
    if (format == null || format.equals(ISO)) {
      return DateTimeFormatter.ISO_DATE_TIME;
    }
    try {
      return DateTimeFormatter.ofPattern(format, Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "format: "
              + format
              + " - must be epoch-millis, epoch-micros, epoch-seconds, iso-8601 or a pattern such"
              + " as yyyy-MM-dd HH:mm:ss",
          e);
    }
  }

  /** Milliseconds since the epoch; null when the value is no such time. */
  @Nullable Long read(JsonNode value) {
    String text = value.asText().strip();
    if (shift != null) {
      Long millis = number(text, shift);
      if (millis != null) {
        return millis;
      }
    }
    return formatter == null || !value.isTextual() ? null : time(text, formatter);
  }

  private static @Nullable Long number(String text, int shift) {
    try {
      BigDecimal number = new BigDecimal(text);
      return Math.abs((long) number.scale()) > ValueReader.MOST_DIGITS
          ? null
          : (Long) number.movePointRight(shift).setScale(0, RoundingMode.FLOOR).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private @Nullable Long time(String text, DateTimeFormatter by) {
    try {
      TemporalAccessor time =
          by.parseBest(text, ZonedDateTime::from, LocalDateTime::from, LocalDate::from);
      ZonedDateTime zoned =
          time instanceof ZonedDateTime whole
              ? whole
              : time instanceof LocalDateTime local
                  ? local.atZone(zone)
                  : ((LocalDate) time).atStartOfDay(zone);
      return zoned.toInstant().toEpochMilli();
    } catch (ArithmeticException | DateTimeException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
