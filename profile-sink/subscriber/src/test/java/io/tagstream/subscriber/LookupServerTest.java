package io.tagstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagstream.schemas.UserTagProfile;
import io.tagstream.subscriber.SubscriberStatus.State;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LookupServerTest {

  private static final Map<String, UserTagProfile> KNOWN =
      Map.of("u1", Profiles.profile("u1", 7, 1), "a/b +ü", Profiles.profile("a/b +ü", 8, 1));

  private SubscriberStatus status =
      new SubscriberStatus(State.FOLLOWING, true, StartFrom.NOW, 1, 2, 3, 4, 5, 6, 7, 8, null);
  private final LookupServer server =
      new LookupServer(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::find, () -> status);

  private Optional<UserTagProfile> find(String userId) {
    if (userId.equals("broken")) {
      throw new IllegalStateException("disk \"x\" is gone\n");
    }
    return Optional.ofNullable(KNOWN.get(userId));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).build());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  @Test
  void answersProfilesAsJson() throws Exception {
    HttpResponse<String> answer = get("/profiles/u1");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(answer.body())
        .isEqualTo(KNOWN.get("u1").toString())
        .contains("\"userId\": \"u1\", \"version\": 7");
  }

  @Test
  void decodesTheUserId() throws Exception {
    assertThat(get("/profiles/a%2Fb%20+%C3%BC").body()).contains("\"version\": 8");
    assertThat(get("/profiles/a/b%20%2B%c3%bc").body()).contains("\"version\": 8");
  }

  @Test
  void errorsAreJsonToo() throws Exception {
    assertThat(get("/profiles/no%22body").statusCode()).isEqualTo(404);
    assertThat(get("/profiles/no%22body").body())
        .isEqualTo("{\"error\":\"no profile of user no\\\"body\"}");
    for (String path : new String[] {"/", "/profiles", "/profiles/", "/statuses"}) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(404);
      assertThat(get(path).body()).contains("there are /profiles/USER and /status");
    }
    HttpResponse<String> broken = get("/profiles/broken");
    assertThat(broken.statusCode()).isEqualTo(500);
    assertThat(broken.body()).isEqualTo("{\"error\":\"disk \\\"x\\\" is gone\\n\"}");
    HttpResponse<String> posted =
        send(HttpRequest.newBuilder(uri("/profiles/u1")).POST(BodyPublishers.noBody()).build());
    assertThat(posted.statusCode()).isEqualTo(405);
    assertThat(posted.headers().firstValue("Allow")).hasValue("GET");
  }

  @Test
  void statusFailsWithTheSubscriber() throws Exception {
    HttpResponse<String> works = get("/status");
    assertThat(works.statusCode()).isEqualTo(200);
    assertThat(works.body())
        .isEqualTo(
            "{\"state\":\"FOLLOWING\",\"caughtUp\":true,\"startedFrom\":\"NOW\""
                + ",\"users\":1,\"partitions\":2,\"records\":3,\"changes\":4"
                + ",\"repeats\":5,\"stale\":6,\"undecodable\":7,\"lag\":8"
                + ",\"problem\":null}");
    status = status.in(State.FAILED, "why");
    assertThat(get("/status").statusCode()).isEqualTo(503);
    assertThat(get("/status").body()).contains("\"problem\":\"why\"");
  }

  @Test
  void anAddressInUseIsTold() {
    assertThatThrownBy(() -> new LookupServer(server.address(), this::find, () -> status))
        .isInstanceOf(SubscriberException.class)
        .hasMessageContaining("lookups: ")
        .hasMessageContaining("cannot be listened on");
  }
}
