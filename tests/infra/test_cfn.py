"""CloudFormation's YAML as plain values."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra import cfn


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!Ref Table", {"Ref": "Table"}),
        ("!GetAtt Table.Arn", {"Fn::GetAtt": ["Table", "Arn"]}),
        ("!GetAtt [Table, Arn]", {"Fn::GetAtt": ["Table", "Arn"]}),
        ("!Sub '${A}-b'", {"Fn::Sub": "${A}-b"}),
        ('!ImportValue {"Fn::Sub": "${D}-X"}', {"Fn::ImportValue": {"Fn::Sub": "${D}-X"}}),
        ("!If [A, !Ref B, 1]", {"Fn::If": ["A", {"Ref": "B"}, 1]}),
    ],
)
def test_short_tags_read_as_their_long_form(tmp_path: Path, text: str, value: object) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(f"Key: {text}")
    assert cfn.read(path) == {"Key": value}


@pytest.mark.parametrize(
    ("value", "is_one"), [({"Ref": "A"}, True), ({"Fn::Sub": "A"}, True), ({"Action": "A"}, False)]
)
def test_a_mapping_of_one_key_is_an_intrinsic_only_by_name(value: object, is_one: bool) -> None:
    assert cfn.is_intrinsic(value) is is_one
