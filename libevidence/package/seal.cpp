#include "package/seal.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <future>
#include <set>

#include "base/error.h"
#include "base/hex.h"
#include "custody/ledger_extract.h"
#include "package/item_to_seal.h"
#include "package/item_tree.h"
#include "package/package_layout.h"
#include "package/package_writer.h"
#include "package/readme.h"

namespace evidence {
namespace {

// Entries that every package has, those a request and four time-stamp files may add included.
constexpr std::size_t fixed_entries = 24;

// Sets its flag when the scope is left by an exception.
class OnFailure {
public:
    explicit OnFailure(std::atomic<bool>& flag) : flag_(flag) {}
    ~OnFailure() {
        if (std::uncaught_exceptions() > exceptions_) flag_ = true;
    }
    OnFailure(const OnFailure&) = delete;
    OnFailure& operator=(const OnFailure&) = delete;

private:
    std::atomic<bool>& flag_;
    int exceptions_ = std::uncaught_exceptions();
};

// Progress of the objects, which ends as soon as the records have failed: hours of payload are not
// written for nothing.
class StoppingProgress : public ProgressSink {
public:
    StoppingProgress(ProgressSink& sink, const std::atomic<bool>& failed)
        : sink_(sink), failed_(failed) {}

    void check() const {
        if (failed_) throw Error(ErrorKind::interrupted, "the records failed");
    }
    void start(std::string_view what, std::optional<std::uint64_t> total_bytes) override {
        sink_.start(what, total_bytes);
    }
    void advance(std::uint64_t bytes) override {
        check();
        sink_.advance(bytes);
    }
    void unreadable(std::uint64_t bytes) override { sink_.unreadable(bytes); }
    void warn(std::string_view what) override { sink_.warn(what); }
    void finish() override { sink_.finish(); }

private:
    ProgressSink& sink_;
    const std::atomic<bool>& failed_;
};

// One package on its way: everything is prepared and checked first, then written in one go.
class Sealing {
public:
    Sealing(CaseFolder& case_folder, const SealRequest& request, const SigningIdentity& identity,
            const EventAuthor& author, const Context& context)
        : case_folder_(case_folder),
          request_(request),
          context_(context),
          signing_(request, identity, author, context),
          ledger_lines_(context.scratch_folder),
          record_lines_(context.scratch_folder) {}

    SealedPackage run(const std::function<void(ByteView)>& output) {
        prepare_items();
        fill_document();
        check_events();
        signing_.try_authority(document_);
        spool_ledger();
        PackageWriter writer(output);
        context_.progress.start("sealing", payload_bytes_);
        write_payload(writer);
        write_tags(writer);
        signing_.write_end(writer, document_);
        writer.finish();
        context_.progress.finish();
        return describe(writer);
    }

private:
    const Ledger& ledger() const { return case_folder_.ledger(); }
    void prepare_items();
    void fill_document();
    void check_events() const;
    void require_not_later(const Event& event) const;
    void spool_ledger();
    void spool_records();
    void write_payload(PackageWriter& writer);
    void write_objects(PackageWriter& writer);
    void write_tags(PackageWriter& writer) const;
    std::vector<std::string> expert_witness_set() const;
    SealedPackage describe(const PackageWriter& writer) const;

    CaseFolder& case_folder_;
    const SealRequest& request_;
    const Context& context_;
    PackageSigning signing_;

    PackageDocument document_;
    CheckpointText head_;        // of the chain, custody/checkpoint
    CheckpointText items_head_;  // of the item tree, items.checkpoint
    std::vector<ItemToSeal> items_;
    std::set<std::string> item_ids_;
    std::uint64_t objects_ = 0, payload_bytes_ = 0;
    Spool ledger_lines_, record_lines_;
    std::atomic<bool> abandoned_ = false, records_failed_ = false;
    std::set<std::string> signers_;
};

void Sealing::prepare_items() {
    head_ = ledger().head();
    const SealHistory history = read_seal_history(ledger(), head_.size);
    std::size_t entries = fixed_entries + 2 * request_.cosigners.size();
    for (const ItemRow& row : select_items(ledger(), history, request_.selection, request_.items)) {
        context_.check_interrupted();
        items_.push_back(
            prepare_item(case_folder_, row, history.acquired.at(row.id), objects_ + 1));
        const ItemToSeal& item = items_.back();
        item_ids_.insert(item.id);
        objects_ += item.objects.size();
        document_.records += item.records();
        for (const ObjectToSeal& object : item.objects) payload_bytes_ += object.facts.size_bytes;
        entries += item.entries();
    }
    if (entries > zip_max_entries) {
        throw Error(ErrorKind::unsupported,
                    fmt::format("too many items for one package: {} (expected at most {} entries)",
                                items_.size(), zip_max_entries),
                    "seal them in several packages with --item");
    }
    document_.previous = history.previous;
}

void Sealing::fill_document() {
    document_.case_number = case_folder_.details().number;
    document_.case_title = case_folder_.details().title;
    document_.conditions = request_.conditions;
    document_.ledger_id = ledger().id();
    document_.ledger_link = head_.hash;
    document_.ledger_size = head_.size;
    document_.objects = objects_;
    signing_.fill(document_);
    // Conditions come from outside: what readers would refuse must not be signed.
    parse_package_document(format_package_document(document_), "package.json");
}

// What readers would refuse must not be signed.
void Sealing::check_events() const {
    const auto is_inside = [this](const std::string& item) { return item_ids_.contains(item); };
    ledger().visit(0, head_.size, [&](const LedgerLine& line) {
        const Event& event = line.event.value();
        if (is_shown(event, item_ids_)) return require_not_later(event);
        const auto inside = std::find_if(event.items.begin(), event.items.end(), is_inside);
        if (inside == event.items.end()) return;
        const auto outside = std::find_if_not(event.items.begin(), event.items.end(), is_inside);
        throw Error(ErrorKind::refused,
                    fmt::format("event {} concerns {} and {} (expected both in the package or "
                                "none)",
                                event.seq, *inside, *outside),
                    "seal them together: the event can be neither shown nor withheld");
    });
}

void Sealing::require_not_later(const Event& event) const {
    const UtcTime latest = std::max(event.at, event.recorded_at.value_or(event.at));
    if (latest <= document_.created_at) return;
    throw Error(ErrorKind::refused,
                fmt::format("event {} is later than now: {} (expected at most {})", event.seq,
                            format_utc(latest), format_utc(document_.created_at)),
                "a package must not be older than the events inside; set this computer's clock "
                "right");
}

void Sealing::spool_ledger() {
    const ExtractFacts facts =
        extract_ledger(ledger(), head_.size, item_ids_,
                       [this](std::string_view line) { ledger_lines_.write(line); });
    ledger_lines_.finish();
    signers_ = facts.signers;
}

void Sealing::spool_records() {
    ItemTree tree(context_.scratch_folder);
    std::string text;
    for (const ItemToSeal& item : items_) {
        make_records(item, context_.random, [&](const RecordLine& line) {
            context_.check_interrupted();
            if (abandoned_) throw Error(ErrorKind::interrupted, "abandoned");
            const std::string_view record_bytes = format_record_line(line, text);
            tree.add(record_bytes);
            record_lines_.write(text);
        });
    }
    record_lines_.finish();
    if (tree.size() != document_.records) {
        throw Error(ErrorKind::refused,
                    fmt::format("files changed while they were sealed: {} records (expected {})",
                                tree.size(), document_.records));
    }
    items_head_.origin = items_origin(document_.id);
    items_head_.size = tree.size();
    items_head_.hash = tree.finish();
}

// The first with more than one file.
std::vector<std::string> Sealing::expert_witness_set() const {
    std::vector<std::string> names;
    for (const ItemToSeal& item : items_) {
        if (item.objects.size() < 2 || !item.objects.front().name.ends_with(".E01")) continue;
        for (const ObjectToSeal& object : item.objects) names.push_back(object.name);
        break;
    }
    return names;
}

// Objects are bound by their digests, records by their text: each gets a core.
void Sealing::write_payload(PackageWriter& writer) {
    std::future<void> records = std::async(std::launch::async, [this] {
        const OnFailure flag(records_failed_);
        spool_records();
    });
    try {
        signing_.write_head(writer, document_, payload_bytes_,
                            readme_txt(document_, expert_witness_set()));
        write_objects(writer);
    } catch (...) {
        const bool records_first = records_failed_;  // looked at before they are told to stop
        abandoned_ = true;                           // the future waits for its thread
        if (records_first) records.get();
        throw;
    }
    records.get();
}

void Sealing::write_objects(PackageWriter& writer) {
    StoppingProgress progress(context_.progress, records_failed_);
    const Context context{context_.clock, context_.random, progress, context_.interrupted,
                          context_.scratch_folder};
    for (const ItemToSeal& item : items_) {
        for (const ObjectToSeal& object : item.objects) {
            progress.check();
            writer.add_object(object.name, File::open_read(object.path), object.facts, item.id,
                              context);
        }
    }
}

void Sealing::write_tags(PackageWriter& writer) const {
    writer.add_file("items.jsonl", record_lines_.file(), record_lines_.facts());
    writer.add("items.checkpoint", format_checkpoint(items_head_));
    const auto add = [&writer](const SideFile& file) {
        writer.add_file(file.name, File::open_read(file.path), file.facts, file.offset);
    };
    for (const ItemToSeal& item : items_) {
        for (const ObjectToSeal& object : item.objects) {
            if (object.pieces) add(*object.pieces);
        }
    }
    for (const ItemToSeal& item : items_) {
        for (const SideFile& file : item.acquisition) add(file);
    }
    writer.add_file("custody/ledger.jsonl", ledger_lines_.file(), ledger_lines_.facts());
    writer.add("custody/checkpoint", format_checkpoint(head_));
    for (const std::string& signer : signers_) {
        writer.add("custody/signers/" + signer + ".pem", signer_pem(ledger().signer_chain(signer)));
    }
}

SealedPackage Sealing::describe(const PackageWriter& writer) const {
    SealedPackage package;
    package.id = document_.id;
    package.manifest_sha256 = signing_.manifest_sha256();
    package.file_sha256 = to_hex(writer.sha256());
    package.size_bytes = writer.size_bytes();
    package.objects = document_.objects;
    package.records = document_.records;
    for (const ItemToSeal& item : items_) package.items.push_back(item.id);
    package.cosigned_by = document_.cosigned_by;
    package.created_at = document_.created_at;
    package.ledger_head = head_;
    package.time_stamp = signing_.time_stamp();
    return package;
}

bool has_checkpoint(const Ledger& ledger, const CheckpointRow& wanted) {
    const std::vector<CheckpointRow> rows = ledger.checkpoints();
    return std::any_of(rows.begin(), rows.end(), [&wanted](const CheckpointRow& row) {
        return row.text == wanted.text && row.made_at == wanted.made_at;
    });
}

}  // namespace

SealedPackage seal(CaseFolder& case_folder, const SealRequest& request,
                   const SigningIdentity& identity, const EventAuthor& author,
                   const std::function<void(ByteView)>& output, const Context& context) {
    require_sealing_identity(identity);
    require_valid_now(identity, context.clock.now());
    return Sealing(case_folder, request, identity, author, context).run(output);
}

std::vector<std::uint64_t> record_seal(CaseFolder& case_folder, const SealedPackage& package,
                                       const EventDraft& draft, const EventAuthor& author,
                                       const Context& context) {
    EventDraft event = draft;
    event.type = "seal";
    event.detail = Json::object({{"file_sha256", package.file_sha256},
                                 {"manifest_sha256", package.manifest_sha256},
                                 {"package", package.id}});
    return record_package(case_folder, package, std::move(event), author, context);
}

std::vector<std::uint64_t> record_package(CaseFolder& case_folder, const SealedPackage& package,
                                          EventDraft event, const EventAuthor& author,
                                          const Context& context) {
    Ledger& ledger = case_folder.ledger();
    const RecordedPackage known = events_of_package(ledger, event.type, package.id);
    for (const std::string& item : package.items) {
        if (!known.items.contains(item)) event.items.push_back(item);
    }
    LedgerEnclosures enclosures;
    const CheckpointRow checkpoint{package.ledger_head, package.created_at, {}};
    if (!has_checkpoint(ledger, checkpoint)) enclosures.checkpoint = checkpoint;
    std::vector<std::uint64_t> numbers;
    if (event.items.empty() && (known.events > 0 || !package.items.empty())) {
        if (enclosures.checkpoint) ledger.add_checkpoint(checkpoint);
        return numbers;
    }
    for (const LedgerLine& line : ledger.append_each(event, author, context, enclosures)) {
        numbers.push_back(line.seq);
    }
    return numbers;
}

}  // namespace evidence
