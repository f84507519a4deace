"""Makes the tiny random models of tests/models, with what PyTorch answers for them.

    python3 -m venv venv && venv/bin/pip install torch transformers
    venv/bin/python tests/make_models.py tests/models

Every architecture that the engine knows has one or two, which together use each of its variations. The weights are drawn wide, so that
each layer, bias and position shows in the logits; the local windows are short, so that the longest pair is longer.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    DebertaV2Config,
    DebertaV2ForSequenceClassification,
    ModernBertConfig,
    ModernBertForSequenceClassification,
    RobertaConfig,
    RobertaForSequenceClassification,
)

TEXTS = [
    "The ferry to Skarholm sails at seven each morning and carries 120 people.",
    "Nobody has seen the old lighthouse lit since the winter of 1962.",
    "The mill by the river was sold to the town; its wheel still turns.",
    "Élise Brandt wrote the first catalogue of the harbour's boats in 1931.",
    "A storm took the roof of the school, and the council did not mend it.",
    "Trains stop here twice a day, except on Sundays and on market days.",
]
PAIRS = [
    ("The ferry sails at seven.", "The ferry sails in the morning."),
    ("Nobody has seen the lighthouse lit since 1962.", "The lighthouse was lit in 1970."),
    (" ".join(TEXTS), "The school has no roof."),
    ("The mill was sold.", "Élise Brandt's wheel turns 4½ times — or 7!"),
    ("A", "B"),
]
VOCABULARY = 110
SIZES = {
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_attention_heads": 2,
    "num_hidden_layers": 2,
}
CROSS_ENCODER = {0: "contradiction", 1: "entailment", 2: "neutral"}
MNLI = {0: "ENTAILMENT", 1: "NEUTRAL", 2: "CONTRADICTION"}
ZERO_SHOT = {0: "entailment", 1: "not_entailment"}


def labelled(labels):
    return {"id2label": labels, "label2id": {name: number for number, name in labels.items()}}


def word_pieces():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(TEXTS, trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=special))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    tokenizer.decoder = decoders.WordPiece()
    # What published tokenizers often carry, and the engine has to leave aside.
    tokenizer.enable_truncation(12)
    tokenizer.enable_padding(length=64)
    return tokenizer


def byte_pairs(template):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    if template == "roberta":
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    else:
        special = ["[CLS]", "[PAD]", "[SEP]", "[UNK]", "[MASK]"]
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    if template == "roberta":
        tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    else:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]",
            pair="[CLS] $A [SEP] $B [SEP]",
            special_tokens=[("[CLS]", 0), ("[SEP]", 2)],
        )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def pieces():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"]
    trainer = trainers.UnigramTrainer(
        vocab_size=VOCABULARY, special_tokens=special, unk_token="[UNK]", show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
    )
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


def draw(model):
    generator = torch.Generator().manual_seed(7)
    for name, weight in model.named_parameters():
        noise = torch.randn(weight.shape, generator=generator)
        is_scale = "norm" in name.lower() and name.endswith("weight")
        with torch.no_grad():
            weight.copy_(1 + 0.2 * noise if is_scale else 0.35 * noise)


def make(folder, model, tokenizer, half=None):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    draw(model)
    model.eval()
    if half is not None:
        # Rounded first, so that PyTorch answers with the very numbers that the file holds.
        for weight in model.parameters():
            weight.data = weight.data.to(half).to(torch.float32)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    if half is not None:
        weights = {name: weight.to(half) for name, weight in load_file(folder / "model.safetensors").items()}
        save_file(weights, folder / "model.safetensors")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    expected = []
    for premise, hypothesis in PAIRS:
        encoded = tokenizer.encode(premise, hypothesis)
        asked = {"input_ids": torch.tensor([encoded.ids]), "attention_mask": torch.ones(1, len(encoded.ids))}
        if model.config.model_type in ("bert", "deberta-v2"):
            asked["token_type_ids"] = torch.tensor([encoded.type_ids])
        with torch.no_grad():
            logits = model(**asked).logits[0].tolist()
        expected.append({"premise": premise, "hypothesis": hypothesis, "ids": encoded.ids, "logits": logits})
    spread = max(abs(expected[0]["logits"][0] - one["logits"][0]) for one in expected)
    print(folder.name, "tokens", len(expected[2]["ids"]), "spread", round(spread, 3), expected[0]["logits"])
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")


def main(root):
    tokenizer = word_pieces()
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), max_position_embeddings=256, **SIZES, **labelled(CROSS_ENCODER)
    )
    make(root / "bert", BertForSequenceClassification(config), tokenizer)

    tokenizer = byte_pairs("roberta")
    config = RobertaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        max_position_embeddings=300,
        type_vocab_size=1,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
        **SIZES,
        **labelled(MNLI),
    )
    make(root / "roberta", RobertaForSequenceClassification(config), tokenizer)

    # As DeBERTa-v3 is published.
    tokenizer = pieces()
    shared = {"max_position_embeddings": 300, "relative_attention": True, **SIZES}
    config = DebertaV2Config(
        vocab_size=tokenizer.get_vocab_size() + 3,
        position_buckets=8,
        norm_rel_ebd="layer_norm",
        share_att_key=True,
        pos_att_type="p2c|c2p",
        position_biased_input=False,
        type_vocab_size=0,
        pooler_hidden_size=16,
        **shared,
        **labelled(CROSS_ENCODER),
    )
    make(root / "deberta-v3", DebertaV2ForSequenceClassification(config), tokenizer)

    # What its predecessors have besides: a convolution, narrow embeddings, positions in the input, keys of their own.
    config = DebertaV2Config(
        vocab_size=tokenizer.get_vocab_size(),
        max_relative_positions=20,
        share_att_key=False,
        pos_att_type=["c2p", "p2c"],
        position_biased_input=True,
        type_vocab_size=2,
        embedding_size=12,
        conv_kernel_size=3,
        conv_act="gelu",
        pooler_hidden_size=16,
        **shared,
        **labelled(ZERO_SHOT),
    )
    make(root / "deberta-v2", DebertaV2ForSequenceClassification(config), tokenizer, torch.float16)

    tokenizer = byte_pairs("modernbert")
    shared = {
        "vocab_size": tokenizer.get_vocab_size(),
        "max_position_embeddings": 512,
        "local_attention": 8,
        "pad_token_id": 1,
        "bos_token_id": 0,
        "cls_token_id": 0,
        "eos_token_id": 2,
        "sep_token_id": 2,
        "attn_implementation": "eager",
        **SIZES,
    }
    config = ModernBertConfig(**shared, classifier_pooling="mean", **labelled(MNLI))
    make(root / "modernbert", ModernBertForSequenceClassification(config), tokenizer)

    biases = {"norm_bias": True, "attention_bias": True, "mlp_bias": True, "classifier_bias": True}
    shared["num_hidden_layers"] = 4
    config = ModernBertConfig(**shared, **biases, classifier_pooling="cls", **labelled(ZERO_SHOT))
    make(root / "modernbert-biases", ModernBertForSequenceClassification(config), tokenizer, torch.bfloat16)
    # As it was written before there was `rope_parameters`.
    path = root / "modernbert-biases" / "config.json"
    config = json.loads(path.read_text())
    config.pop("rope_parameters")
    config.pop("layer_types")
    config.update(global_rope_theta=160000.0, local_rope_theta=10000.0, global_attn_every_n_layers=3)
    path.write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
