package io.tagstream.launcher.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The settings of the one embedded broker: controller and broker in one process, on loopback. */
final class BrokerProperties {

  /** A fixed cluster id: one folder is one cluster. */
  static final String CLUSTER_ID = "VGFnc3RyZWFtRGVtbzAwMQ";

  private BrokerProperties() {}

  /**
   * Properties as in Kafka's {@code server.properties}.
   *
   * @param data folder of logs and metadata
   * @param port port for clients
   * @param controllerPort port of the controller listener
   */
  static Map<String, String> of(Path data, int port, int controllerPort) {
    Map<String, String> properties = new TreeMap<>();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", "1");
    properties.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    properties.put(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("log.dirs", data.toString());

    // One broker holds the only copy of everything.
    properties.put("default.replication.factor", "1");
    properties.put("min.insync.replicas", "1");
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("offsets.topic.num.partitions", "1");
    properties.put("transaction.state.log.num.partitions", "1");
    properties.put("share.coordinator.state.topic.num.partitions", "1");

    // A session that ends while the job has all the processors takes every partition's leader away,
    // and the clients then spin: much longer than a start of the job may starve the broker. After
    // kill -9 the controller waits as long for the dead session.
    properties.put("broker.session.timeout.ms", "12000");
    properties.put("broker.heartbeat.interval.ms", "1000");
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("controlled.shutdown.enable", "false");

    // Freshness is measured from the broker's append time.
    properties.put("log.message.timestamp.type", "LogAppendTime");
    properties.put("auto.create.topics.enable", "false");
    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "4");
    // A demo left running must not fill the disk: about 1 GiB per partition, in steps of a segment.
    properties.put("log.segment.bytes", String.valueOf(64 << 20));
    properties.put("log.retention.bytes", String.valueOf(1 << 30));
    properties.put("log.retention.check.interval.ms", "30000");
    properties.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20));
    return properties;
  }
}
