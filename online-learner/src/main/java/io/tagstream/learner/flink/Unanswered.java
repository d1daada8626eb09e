package io.tagstream.learner.flink;

import io.tagstream.schemas.ProfileInput;
import io.tagstream.schemas.UserDeletion;
import io.tagstream.schemas.UserExpiry;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model was told and did not answer, while it is not settled whose the answer is. A user's
 * ending takes back what was asked of him before it.
 */
final class Unanswered {

  private final List<PendingScores.Merged> requests = new ArrayList<>();
  private final List<ProfileInput> endings = new ArrayList<>();

  void add(List<PendingScores.Merged> more) {
    requests.addAll(more);
  }

  /** A deletion or an expiry. */
  void add(ProfileInput ending) {
    endings.add(ending);
    requests.removeIf(
        request ->
            request.latest().getUserId().equals(ending.getUserId())
                && request.eventTimeMillis() <= eventTimeMillis(ending));
  }

  /** Requests in their order; none is left afterwards. */
  List<PendingScores.Merged> takeRequests() {
    List<PendingScores.Merged> taken = List.copyOf(requests);
    requests.clear();
    return taken;
  }

  /** Deletions and expiries in their order; none is left afterwards. */
  List<ProfileInput> takeEndings() {
    List<ProfileInput> taken = List.copyOf(endings);
    endings.clear();
    return taken;
  }

  /** It is another's to answer. */
  void clear() {
    requests.clear();
    endings.clear();
  }

  /** When a user was deleted or expired. */
  static long eventTimeMillis(ProfileInput ending) {
    return ending.getBody() instanceof UserDeletion deletion
        ? deletion.getEventTimeMillis()
        : ((UserExpiry) ending.getBody()).getEventTimeMillis();
  }
}
