package io.tagstream.learner.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Pages as bytes and back. */
final class PageBytes {

  private PageBytes() {}

  static byte[] of(List<RowPage> pages) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (RowPage page : pages) {
      page.writeTo(new DataOutputStream(bytes));
    }
    return bytes.toByteArray();
  }

  /** The same pages, written and read; nothing may be left over. */
  static List<RowPage> through(List<RowPage> pages) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(of(pages)));
    List<RowPage> read = new ArrayList<>();
    for (int n = 0; n < pages.size(); n++) {
      read.add(RowPage.readFrom(in));
    }
    assertThat(in.read()).isEqualTo(-1);
    return read;
  }
}
