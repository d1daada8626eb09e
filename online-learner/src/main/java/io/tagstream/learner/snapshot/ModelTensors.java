package io.tagstream.learner.snapshot;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagstream.learner.embedding.RowPage;
import io.tagstream.learner.model.Parameter;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a snapshot: {@code dense/NAME} with its Adam moments {@code moment1/NAME}, {@code
 * moment2/NAME}, and {@code frozen/NAME} where the network reads a frozen copy of it; per page of
 * rows {@code rows/KIND/NUMBER/ids} (feature ids) and {@code …/values} (row with accumulator), as
 * {@link RowPage} holds them, KIND 2 those of the frozen copy; {@code vocabulary} (a JSON array,
 * UTF-8).
 */
public final class ModelTensors {

  private static final int PAGE_HEADER_BYTES = 6 * Integer.BYTES;

  private ModelTensors() {}

  /**
   * The tensors. Dense parameters are copied, as they change with the next step; pages are frozen
   * and read when written.
   *
   * @param copied the frozen copy's parameters; empty without one
   */
  public static List<Tensor> of(
      List<Parameter> parameters,
      List<Parameter> copied,
      List<RowPage> pages,
      List<String> vocabulary)
      throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    for (Parameter parameter : parameters) {
      long[] shape = parameter.shape();
      tensors.add(Tensor.of("dense/" + parameter.name(), parameter.values().clone(), shape));
      tensors.add(Tensor.of("moment1/" + parameter.name(), parameter.firstMoment().clone(), shape));
      tensors.add(
          Tensor.of("moment2/" + parameter.name(), parameter.secondMoment().clone(), shape));
    }
    for (Parameter parameter : copied) {
      tensors.add(
          Tensor.of("frozen/" + parameter.name(), parameter.values().clone(), parameter.shape()));
    }
    for (RowPage page : pages) {
      ByteBuffer header = ByteBuffer.wrap(bytes(page, PAGE_HEADER_BYTES));
      header.getInt(); // the page's version is known: it was not read but is written now
      String name = "rows/" + header.getInt() + "/" + header.getInt();
      int stride = header.getInt();
      header.getInt(); // slots
      long used = header.getInt();
      tensors.add(
          new Tensor(
              name + "/ids",
              Tensor.Type.I64,
              List.of(used),
              out -> write(page, stride, Long.BYTES, Integer.BYTES, Long.BYTES, out)));
      tensors.add(
          new Tensor(
              name + "/values",
              Tensor.Type.F32,
              List.of(used, (long) stride),
              out ->
                  write(
                      page,
                      stride,
                      Float.BYTES,
                      2 * Integer.BYTES + Long.BYTES,
                      stride * Float.BYTES,
                      out)));
    }
    tensors.add(Tensor.of("vocabulary", new ObjectMapper().writeValueAsBytes(vocabulary)));
    return tensors;
  }

  /** Writes one column of the page's rows: big-endian in the page, little-endian in a tensor. */
  private static void write(
      RowPage page, int stride, int element, int column, int length, OutputStream out)
      throws IOException {
    byte[] bytes = bytes(page, Integer.MAX_VALUE);
    int row = 2 * Integer.BYTES + Long.BYTES + stride * Float.BYTES;
    for (int at = PAGE_HEADER_BYTES; at < bytes.length; at += row) {
      ByteBuffer big = ByteBuffer.wrap(bytes, at + column, length);
      byte[] turned = new byte[length];
      ByteBuffer little = ByteBuffer.wrap(turned).order(ByteOrder.LITTLE_ENDIAN);
      while (big.hasRemaining()) {
        if (element == Long.BYTES) {
          little.putLong(big.getLong());
        } else {
          little.putInt(big.getInt());
        }
      }
      out.write(turned);
    }
  }

  /** The first bytes of a page as written. */
  private static byte[] bytes(RowPage page, int limit) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    OutputStream first =
        new OutputStream() {
          @Override
          public void write(int b) {
            if (kept.size() < limit) {
              kept.write(b);
            }
          }

          @Override
          public void write(byte[] b, int offset, int length) {
            kept.write(b, offset, Math.min(length, limit - kept.size()));
          }
        };
    try (DataOutputStream out = new DataOutputStream(first)) {
      page.writeTo(out);
    }
    return kept.toByteArray();
  }
}
