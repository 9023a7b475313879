#include "verification/record_stream.h"

#include "base/error.h"

namespace evidence {

RecordStream::RecordStream(const PackageCheck& check, const ZipEntry& items_jsonl)
    : lines_(check, items_jsonl),
      tree_(check.context.scratch_folder),
      kind_(check.is_disclosure() ? PackageKind::disclosure : PackageKind::seal) {}

const RecordLine* RecordStream::peek() {
    while (!next_) {
        const auto line = lines_.next(findings_, "records.malformed", Layer::structure);
        if (!line) return nullptr;
        try {
            next_ = parse_record_line(*line, lines_.where(), record_bytes_, kind_);
            tree_.add(record_bytes_);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::malformed) throw;
            findings_.add("records.malformed", Layer::structure, Weight::failed, error.message(),
                          lines_.where());
        }
    }
    return &*next_;
}

RecordLine RecordStream::take() {
    RecordLine line = std::move(*next_);
    next_.reset();
    return line;
}

RecordStream::Tree RecordStream::finish(PackageCheck& check) {
    while (const RecordLine* line = peek()) {
        findings_.add("records.unexpected", Layer::content, Weight::failed,
                      "a record that belongs to no object at its place: " + line->object,
                      lines_.where());
        take();
    }
    lines_.finish(check);
    Tree tree{tree_.size(), {}};
    try {
        tree.root = tree_.finish();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        findings_.add("records.duplicate", Layer::content, Weight::failed, error.message(),
                      "items.jsonl");
    }
    check.findings().append(findings_);
    return tree;
}

}  // namespace evidence
