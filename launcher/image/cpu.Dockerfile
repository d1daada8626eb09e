# The jobs on Flink's own image: JobManagers, and TaskManagers without GPUs.
#   launcher/image/assemble launcher/target/image && docker build -f launcher/image/cpu.Dockerfile -t tagstream:cpu launcher/target/image
FROM flink:2.2.1-java17

COPY --chown=flink:flink bin/ /opt/flink/bin/
COPY --chown=flink:flink lib/ /opt/flink/lib/
COPY --chown=flink:flink usrlib/ /opt/flink/usrlib/

# For a volume: checkpoints and model snapshots.
RUN mkdir /data && chown flink:flink /data

# Nothing is fetched at a start. Of records, Avro makes no classes but ours, and none of any size.
ENV DJL_CACHE_DIR=/tmp/djl
ENV JAVA_TOOL_OPTIONS="-DDJL_OFFLINE=true -DOPT_OUT_TRACKING=true -Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.tagstream.schemas -Dorg.apache.avro.limits.string.maxLength=1048576 -Dorg.apache.avro.limits.bytes.maxLength=16777216 -Dorg.apache.avro.limits.collectionItems.maxLength=1048576"

USER flink
