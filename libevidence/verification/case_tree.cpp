#include "verification/case_tree.h"

#include "base/error.h"
#include "base/line_reader.h"

namespace evidence {

// Lines of index.jsonl: {"at":{"offset_bytes":n},"record":{..}}.
class CaseTree::IndexRecords : public EntryRecords {
public:
    IndexRecords(const CaseCheck& check, std::string name)
        : name_(std::move(name)),
          file_(File::open_regular(check.folder / name_)),
          lines_(LineReader::of_file(file_, 0, file_.size(), name_, json_max_line_bytes)) {}

    const RecordLine* peek() override {
        while (!next_ && !gave_up_) read_next();
        return next_ ? &*next_ : nullptr;
    }
    RecordLine take() override {
        RecordLine line = std::move(*next_);
        next_.reset();
        return line;
    }
    std::string where() const override {
        return name_ + " line " + std::to_string(lines_.line_number());
    }
    const Findings& findings() const { return findings_; }

private:
    void read_next() try {
        const auto text = lines_.next();
        if (!text) {
            gave_up_ = true;
            return;
        }
        const Json line = parse_canonical(*text, where());
        const Json* offset = line.at("at").find("offset_bytes");
        next_ = RecordLine{"", offset ? std::optional(offset->size()) : std::nullopt,
                           line.at("record")};
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        findings_.add("records.malformed", Layer::structure, Weight::failed, error.message(),
                      where());
        gave_up_ = true;
    }

    std::string name_;
    File file_;
    LineReader lines_;
    std::optional<RecordLine> next_;
    bool gave_up_ = false;
    Findings findings_;
};

CaseTree::CaseTree(CaseCheck& check, const AcquisitionRecord& record, const std::string& object)
    : check_(check),
      records_(std::make_unique<IndexRecords>(
          check, (fs::path(object).parent_path() / "index.jsonl").native())),
      tree_(object, record.item, *records_) {}

CaseTree::~CaseTree() = default;

void CaseTree::run(const BroadcastPull& pull) { tree_.run(pull); }

std::uint64_t CaseTree::entries() const { return tree_.entries(); }

bool CaseTree::report() {
    check_.report.findings.append(records_->findings());
    check_.report.findings.append(tree_.findings());
    return !records_->findings().has_failure() && !tree_.findings().has_failure();
}

}  // namespace evidence
