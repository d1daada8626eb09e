# TaskManagers of a learner job with a GPU: PyTorch's own image has the libtorch that DJL wants, 2.7.1 for CUDA 12.8.
#   launcher/image/assemble --no-natives launcher/target/image-gpu && docker build -f launcher/image/gpu.Dockerfile -t tagstream:gpu launcher/target/image-gpu
FROM flink:2.2.1-java17 AS flink

FROM pytorch/pytorch:2.7.1-cuda12.8-cudnn9-runtime

RUN groupadd --system --gid 9999 flink && useradd --system --home-dir /opt/flink --uid 9999 --gid flink flink
COPY --from=flink /opt/java/openjdk /opt/java/openjdk
COPY --from=flink --chown=flink:flink /opt/flink /opt/flink
COPY --from=flink /docker-entrypoint.sh /docker-entrypoint.sh
COPY --chown=flink:flink bin/ /opt/flink/bin/
COPY --chown=flink:flink lib/ /opt/flink/lib/
COPY --chown=flink:flink usrlib/ /opt/flink/usrlib/

ENV FLINK_HOME=/opt/flink JAVA_HOME=/opt/java/openjdk
ENV PATH=/opt/flink/bin:/opt/java/openjdk/bin:$PATH
# DJL takes libtorch from there, and must be told which it is.
ENV PYTORCH_LIBRARY_PATH=/opt/conda/lib/python3.11/site-packages/torch/lib PYTORCH_VERSION=2.7.1 PYTORCH_FLAVOR=cu128
# For a volume: checkpoints and model snapshots.
RUN mkdir /data && chown flink:flink /data

# Nothing is fetched at a start. Of records, Avro makes no classes but ours, and none of any size.
ENV DJL_CACHE_DIR=/tmp/djl
ENV JAVA_TOOL_OPTIONS="-DDJL_OFFLINE=true -DOPT_OUT_TRACKING=true -Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.tagstream.schemas -Dorg.apache.avro.limits.string.maxLength=1048576 -Dorg.apache.avro.limits.bytes.maxLength=16777216 -Dorg.apache.avro.limits.collectionItems.maxLength=1048576"

WORKDIR /opt/flink
USER flink
EXPOSE 6123 8081
ENTRYPOINT ["/docker-entrypoint.sh"]
CMD ["taskmanager"]
