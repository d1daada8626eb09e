package io.tagstream.profile.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagstream.profile.IntervalClock;
import io.tagstream.profile.ProfileConfig;
import io.tagstream.schemas.ProfileInput;
import io.tagstream.schemas.UserDeletion;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class ProfileStageTest {

  @Test
  void wiresOneNamedOperatorWithoutGenericTypes() {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    KeyedStream<ProfileInput, String> input =
        env.fromData(
                new AvroTypeInfo<>(ProfileInput.class),
                new ProfileInput("u", new UserDeletion("u", 1L)))
            .keyBy(ProfileInput::getUserId, Types.STRING);
    ProfileStage.Outputs outputs =
        ProfileStage.of(input, ProfileConfig.defaults(), IntervalClock.WALL);
    outputs.profiles().print();
    outputs.changes().print();
    StreamGraph graph = env.getStreamGraph();
    assertThat(graph.getStreamNodes())
        .filteredOn(node -> ProfileStage.UID.equals(node.getTransformationUID()))
        .singleElement()
        .extracting(StreamNode::getOperatorName)
        .isEqualTo(ProfileStage.UID);
  }
}
