#include "verification/segment_check.h"

namespace evidence {
namespace {

bool is_later_segment(const Json& record) { return record.at("kind").string() == "segment"; }

}  // namespace

void SegmentCheck::out_of_order(const std::string& message, const std::string& where) {
    check_.fail("records.segment-order", Layer::structure, message, where);
}

void SegmentCheck::begin_object(const ZipEntry& entry, const Json* record) {
    if (!record || !is_later_segment(*record)) {
        finish_item();
        if (record && record->find("media")) begin_item(entry, *record);
        return;
    }
    const std::uint64_t number = record->at("segment").size();
    if (record->at("item").string() != item_ || number != last_ + 1 ||
        record->at("segments").size() != segments_) {
        out_of_order("a segment that does not follow the one before it", entry.name);
        return;
    }
    last_ = number;
    bytes_ += entry.size;
}

void SegmentCheck::begin_item(const ZipEntry& entry, const Json& record) {
    item_ = record.at("item").string();
    last_ = 1;
    segments_ = record.at("segments").size();
    bytes_ = entry.size;
    const Json& media = record.at("media");
    expected_bytes_ = media.at("size_bytes").size();
    expected_digests_ = digest_set_from_json(media.at("digests"), "items.jsonl");
    if (record.at("kind").string() == "e01") {
        check_.findings().add("content.medium-not-checked", Layer::content, Weight::indeterminate,
                              "this version does not read the medium out of an E01 image", item_);
        return;
    }
    std::vector<Algorithm> algorithms;
    for (const auto& [algorithm, value] : expected_digests_) algorithms.push_back(algorithm);
    medium_.emplace(algorithms);
}

void SegmentCheck::finish_item() {
    if (item_.empty()) return;
    if (last_ != segments_) {
        out_of_order(
            "ends with segment " + std::to_string(last_) + " of " + std::to_string(segments_),
            item_);
    } else if (medium_ && (bytes_ != expected_bytes_ || medium_->finish() != expected_digests_)) {
        check_.fail("content.medium-mismatch", Layer::content,
                    "the segments together are not the medium that the first record describes",
                    item_);
    }
    item_.clear();
    medium_.reset();
    last_ = segments_ = 0;
}

}  // namespace evidence
