package io.tagstream.ingestion.items;

import io.tagstream.ingestion.packed.PackedReader;
import io.tagstream.ingestion.packed.PackedWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one item that an impression may still ask for. Mutable; packed between events.
 *
 * <p>Layout, version 1 ({@code u} unsigned variable-length number, {@code t} text): one byte of
 * version, then {@code u} versions, from the earliest: {@code u} time, {@code u} tags and each
 * {@code t}, {@code u} privileged features and each {@code t} name {@code t} value, by name.
 */
public final class ItemVersions {

  private static final int VERSION = 1;

  private final TreeMap<Long, ItemVersion> byTime = new TreeMap<>();

  /** The versions in these bytes; none for null. */
  public static ItemVersions decode(byte @Nullable [] bytes) {
    ItemVersions versions = new ItemVersions();
    if (bytes == null) {
      return versions;
    }
    PackedReader in = new PackedReader("versions of an item", bytes);
    in.expectVersion(VERSION);
    for (int n = in.readCount(); n > 0; n--) {
      long timeMillis = in.readUnsigned();
      int tagCount = in.readCount();
      List<String> tags = new ArrayList<>(tagCount);
      for (int i = 0; i < tagCount; i++) {
        tags.add(in.readText());
      }
      Map<String, String> privileged = new LinkedHashMap<>();
      for (int i = in.readCount(); i > 0; i--) {
        privileged.put(in.readText(), in.readText());
      }
      versions.put(new ItemVersion(timeMillis, tags, privileged));
    }
    in.expectEnd();
    return versions;
  }

  /** The versions as bytes. */
  public byte[] encode() {
    PackedWriter out = new PackedWriter().writeByte(VERSION).writeUnsigned(byTime.size());
    for (ItemVersion version : byTime.values()) {
      out.writeUnsigned(version.timeMillis()).writeUnsigned(version.tags().size());
      version.tags().forEach(out::writeText);
      out.writeUnsigned(version.privileged().size());
      new TreeMap<>(version.privileged())
          .forEach((name, value) -> out.writeText(name).writeText(value));
    }
    return out.toBytes();
  }

  /** Adds a version; of two that hold from the same time on, the one that came last stays. */
  public void put(ItemVersion version) {
    byTime.put(version.timeMillis(), version);
  }

  /** The newest version with a time up to this one, else the earliest, else null. */
  public @Nullable ItemVersion asOf(long timeMillis) {
    Map.Entry<Long, ItemVersion> found = byTime.floorEntry(timeMillis);
    if (found == null) {
      found = byTime.firstEntry();
    }
    return found == null ? null : found.getValue();
  }

  /** Forgets the versions that no impression shown at this time or later can ask for. */
  public void forgetBefore(long timeMillis) {
    Long needed = byTime.floorKey(timeMillis);
    if (needed != null) {
      byTime.headMap(needed, false).clear();
    }
  }

  /** How many versions are kept. */
  public int size() {
    return byTime.size();
  }
}
