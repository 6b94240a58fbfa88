"""The part of TensorBoard's protocol-buffer messages that holds scalars, as classes of `google.protobuf`.

Names and numbers of fields: tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto,
tensor.proto, tensor_shape.proto. They are described here because the compiled ones come with TensorBoard.
Strings are bytes: a tag may hold anything.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

Field = descriptor_pb2.FieldDescriptorProto
SCALAR_TYPES = {
    "double": Field.TYPE_DOUBLE,
    "float": Field.TYPE_FLOAT,
    "int64": Field.TYPE_INT64,
    "bytes": Field.TYPE_BYTES,
}
# Message -> its fields: name, number, type; a star where repeated.
MESSAGES = {
    "Event": ("wall_time 1 double", "step 2 int64", "summary 5 Summary"),
    "Summary": ("value 1 Value*",),
    "Value": ("tag 1 bytes", "simple_value 2 float", "tensor 8 Tensor", "metadata 9 Metadata"),
    "Metadata": ("plugin_data 1 PluginData",),
    "PluginData": ("plugin_name 1 bytes",),
    "Tensor": ("dtype 1 int64", "tensor_shape 2 Shape", "tensor_content 4 bytes", "float_val 5 float*",
               "double_val 6 double*"),
    "Shape": ("dim 2 bytes*",),
}  # fmt: skip
PACKAGE = "sdm.training_logs"


def _event_class() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="event.proto", package=PACKAGE, syntax="proto2")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind in (text.split() for text in fields):
            plain = kind.removesuffix("*")
            label = Field.LABEL_REPEATED if kind != plain else Field.LABEL_OPTIONAL
            made = message.field.add(name=field, number=int(number), label=label)
            if plain in SCALAR_TYPES:
                made.type = SCALAR_TYPES[plain]
            else:
                made.type, made.type_name = Field.TYPE_MESSAGE, f".{PACKAGE}.{plain}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.Event"))


Event = _event_class()
