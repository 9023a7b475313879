// A line of origin/proofs.jsonl (evidence-package(5), "Disclosure"): a record of the package that a
// disclosure was cut from, or only its leaf hash, and its audit path.
//
//     {"index":5,"path":["<hex>",..],"record":{..}}
//     {"index":5,"leaf":"<hex>","path":["<hex>",..]}      in place of what was redacted
//
// Thread rule: plain functions and values.
#pragma once

#include <string>
#include <string_view>

#include "package/item_proofs.h"

namespace evidence {

struct ProofLine {
    ItemProof proof;
    Sha256 leaf{};             // of the record, or what stands in its place
    std::string record_bytes;  // canonical; empty when only the leaf is given
};

std::string format_proof_line(const ProofLine& line);  // with its newline

// `line` without its newline; `leaf` is computed where the record is given. Error(malformed) unless
// it is canonical and has exactly these members, the record being one of the format.
ProofLine parse_proof_line(std::string_view line, std::string_view where);

}  // namespace evidence
