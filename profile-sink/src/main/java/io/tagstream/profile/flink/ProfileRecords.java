package io.tagstream.profile.flink;

import io.tagstream.profile.ProfileCause;
import io.tagstream.profile.ProfileContent;
import io.tagstream.profile.ScoredTag;
import io.tagstream.profile.StageValue;
import io.tagstream.profile.TaskRanking;
import io.tagstream.profile.publish.Publication;
import io.tagstream.profile.select.TagMovement;
import io.tagstream.schemas.Cause;
import io.tagstream.schemas.Emission;
import io.tagstream.schemas.ScoredUser;
import io.tagstream.schemas.StageName;
import io.tagstream.schemas.TagMove;
import io.tagstream.schemas.TagScore;
import io.tagstream.schemas.TaskStage;
import io.tagstream.schemas.TaskTags;
import io.tagstream.schemas.UserTagChange;
import io.tagstream.schemas.UserTagProfile;
import java.util.ArrayList;
import java.util.List;

/** Records to values and back. */
final class ProfileRecords {

  private ProfileRecords() {}

  static ProfileContent content(ScoredUser scored) {
    List<StageValue> stages = new ArrayList<>(scored.getStages().size());
    for (TaskStage stage : scored.getStages()) {
      stages.add(
          new StageValue(
              stage.getTask(),
              stage.getAlpha(),
              stage.getBeta(),
              stage.getCount(),
              stage.getPseudoLabel()));
    }
    List<TaskRanking> rankings = new ArrayList<>(scored.getTasks().size());
    for (TaskTags task : scored.getTasks()) {
      List<ScoredTag> tags = new ArrayList<>(task.getTags().size());
      for (TagScore tag : task.getTags()) {
        tags.add(new ScoredTag(tag.getTag(), tag.getScore()));
      }
      rankings.add(new TaskRanking(task.getTask(), tags));
    }
    return new ProfileContent(
        scored.getEventTimeMillis(),
        scored.getModel(),
        scored.getModelStep(),
        scored.getStageName().name(),
        stages,
        rankings);
  }

  static List<ProfileCause> causes(ScoredUser scored) {
    List<ProfileCause> causes = new ArrayList<>(scored.getCauses().size());
    for (Cause cause : scored.getCauses()) {
      causes.add(
          new ProfileCause(
              cause.getEmission().name(),
              cause.getImpressionId(),
              cause.getItemId(),
              cause.getTags(),
              cause.getEventTimeMillis(),
              cause.getAppendTimeMillis()));
    }
    return causes;
  }

  static UserTagProfile profile(String userId, Publication publication) {
    ProfileContent content = publication.content();
    List<TaskTags> tasks = new ArrayList<>(content.rankings().size());
    for (TaskRanking ranking : content.rankings()) {
      List<TagScore> tags = new ArrayList<>(ranking.tags().size());
      for (ScoredTag tag : ranking.tags()) {
        tags.add(new TagScore(tag.tag(), tag.score()));
      }
      tasks.add(new TaskTags(ranking.task(), tags));
    }
    List<TaskStage> stages = new ArrayList<>(content.stages().size());
    for (StageValue stage : content.stages()) {
      stages.add(
          new TaskStage(
              stage.task(), stage.alpha(), stage.beta(), stage.count(), stage.pseudoLabel()));
    }
    return new UserTagProfile(
        userId,
        publication.version(),
        publication.eventTimeMillis(),
        publication.publishedAtMillis(),
        content.modelVersion(),
        tasks,
        StageName.valueOf(content.stageName()),
        stages,
        causeRecords(publication.causes()),
        publication.digest());
  }

  static UserTagChange change(String userId, Publication publication) {
    List<TagMove> moves = new ArrayList<>(publication.moves().size());
    for (TagMovement move : publication.moves()) {
      moves.add(new TagMove(move.task(), move.tag(), move.before(), move.after()));
    }
    return new UserTagChange(
        userId,
        publication.version(),
        publication.eventTimeMillis(),
        moves,
        causeRecords(publication.causes()));
  }

  private static List<Cause> causeRecords(List<ProfileCause> causes) {
    List<Cause> records = new ArrayList<>(causes.size());
    for (ProfileCause cause : causes) {
      records.add(
          new Cause(
              Emission.valueOf(cause.emission()),
              cause.impressionId(),
              cause.itemId(),
              new ArrayList<>(cause.tags()),
              cause.eventTimeMillis(),
              cause.appendTimeMillis()));
    }
    return records;
  }
}
