#include "acquisition/acquire.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "acquisition/acquisition_record.h"
#include "acquisition/item_folder.h"
#include "acquisition/read_back.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/item_id.h"
#include "base/printable.h"
#include "custody/event_writer.h"

namespace evidence {
namespace {

constexpr std::size_t max_text_bytes = 64 * kib;  // of description, note, write blocker

void require_text(const std::string& text, std::string_view what) {
    require_plain_text(text, what);
    if (text.size() <= max_text_bytes) return;
    throw Error(ErrorKind::usage, std::string(what) + " too long (expected at most " +
                                      std::to_string(max_text_bytes) + " bytes)");
}

// What would make record or event impossible is found before hours of reading, not after.
void check_request(const AcquireRequest& request, const Context& context) {
    require_text(request.description, "description");
    require_text(request.note, "note");
    require_text(request.write_blocker, "write blocker");
    EventDraft draft = request.event;
    draft.type = "acquire";
    check_draft(draft, request.author, context.clock.now());
}

std::string choose_item_id(const CaseFolder& folder, const AcquireRequest& request,
                           const fs::path& items_folder) {
    const Ledger& ledger = folder.ledger();
    if (!request.item_id) {
        return next_item_id(items_folder,
                            [&](std::string_view id) { return ledger.item_id_taken(id); });
    }
    if (!is_item_id(*request.item_id)) {
        throw Error(ErrorKind::usage,
                    "not an item id: " + *request.item_id +
                        " (expected a letter or digit, then up to 63 of A-Z a-z 0-9 . _ -)");
    }
    if (ledger.item_id_taken(*request.item_id)) {
        throw Error(ErrorKind::exists,
                    "item exists: " + *request.item_id + " (expected a new item id)",
                    "ids are compared without regard to case; an item is never replaced");
    }
    return *request.item_id;
}

void check_errors(const Source& source, const ErrorPolicy& errors) {
    const bool is_default =
        errors.on_error == OnError::stop && !errors.reverse && !errors.read_timeout;
    if (source.kind == ItemKind::image || source.kind == ItemKind::file || is_default) return;
    throw Error(ErrorKind::usage,
                "cannot read again: " + source.path +
                    " (expected a device or a file with --on-error fill, --reverse or "
                    "--read-timeout)");
}

void check_selection(const Source& source, const AcquireRequest& request) {
    if (source.kind == ItemKind::tree || request.selection.selects_everything()) return;
    throw Error(ErrorKind::usage, "nothing to choose from: " + source.path +
                                      " (expected a folder with --include, --exclude and "
                                      "--files-from)");
}

void check_format(const Source& source, const AcquireRequest& request) {
    const ObjectFormat fitting =
        source.kind == ItemKind::tree ? ObjectFormat::tar : ObjectFormat::raw;
    if (!request.format || *request.format == fitting) return;
    const bool is_folder = fitting == ObjectFormat::tar;
    throw Error(ErrorKind::usage,
                is_folder ? "format raw does not fit a folder: " + source.path + " (expected tar)"
                          : "format tar fits folders only: " + source.path + " (expected raw)");
}

std::vector<Algorithm> with_sha256(std::vector<Algorithm> algorithms) {
    if (std::find(algorithms.begin(), algorithms.end(), Algorithm::sha256) == algorithms.end()) {
        algorithms.push_back(Algorithm::sha256);
    }
    return algorithms;
}

bool is_dense(const Source& source) {
    constexpr std::uint64_t block_unit_bytes = 512;  // of st_blocks
    return source.kind == ItemKind::image ||
           static_cast<std::uint64_t>(source.status.st_blocks) * block_unit_bytes >=
               source.size_bytes.value_or(0);
}

// One acquisition from opened source to committed folder; what fails on the way leaves nothing.
class Acquisition {
public:
    Acquisition(const CaseFolder& folder, const AcquireRequest& request, const Source& source,
                AcquiredItem& item, const Context& context)
        : case_(folder), request_(request), source_(source), item_(item), context_(context) {}

    void run() {
        started_at_ = context_.clock.now();
        preflight_ =
            preflight(source_, {item_.folder.parent_path(), request_.require_read_only}, context_);
        warn_of_preflight();
        folder_.emplace(item_.folder);
        for (const fs::path& leftover : folder_->leftovers()) {
            warn("an earlier acquisition of this item was cut off; what it left is in " +
                 printable(leftover.native()));
        }
        has_read_ = true;
        if (source_.kind == ItemKind::tree) {
            capture_tree_source();
        } else {
            capture_object_source();
        }
        if (request_.read_back == ReadBack::yes) {
            read_back(folder_->path(), source_.kind, item_.object, context_);
        }
        write_record();
        context_.check_interrupted();
        folder_->commit();
    }

    // What is refused before the first byte is read is no failed acquisition.
    bool has_read() const { return has_read_; }

    // After commit(), when the event could not be written.
    void withdraw() { folder_->withdraw(); }
    const fs::path& kept_in() const { return folder_->path(); }

private:
    void warn(std::string text) { item_.warnings.push_back(std::move(text)); }

    void warn_of_preflight() {
        for (std::string& text : warnings_of(preflight_, source_)) warn(std::move(text));
    }

    void capture_tree_source() {
        tree_ = capture_tree(source_,
                             {folder_->path(), item_.id, with_sha256(request_.algorithms),
                              request_.file_systems, request_.selection},
                             context_);
        item_.object = tree_->object;
        item_.account = tree_->account;
        item_.complete = tree_->account.complete();
        for (const std::string& text : tree_->warnings) warn(text);
    }

    void capture_object_source() {
        context_.progress.start("acquiring " + source_.path, source_.size_bytes);
        ObjectRecorder recorder(folder_->path(), source_.kind, with_sha256(request_.algorithms),
                                is_dense(source_) ? source_.size_bytes : std::nullopt);
        SourceReader reader(source_, request_.errors, context_);
        const std::uint64_t size =
            broadcast([&reader](MutableByteView buffer) { return reader.read(buffer); },
                      recorder.consumers(), {}, recorder.batch_consumers());
        if (!reader.check_unchanged()) {
            warn("the source was written to while it was read: its times changed");
            changed_ = true;
            item_.complete = false;
        }
        item_.object = recorder.finish(size);
        note_bad_ranges(reader.bad_ranges());
        context_.progress.finish();
    }

    void note_bad_ranges(const BadRanges& ranges) {
        if (ranges.empty()) return;
        write_mapfile(folder_->path() / map_file_name, ranges, item_.object.size_bytes);
        warn(fmt::format("{} bytes in {} places could not be read and are zeros in the object",
                         ranges.bytes(), ranges.all().size()));
        item_.bad_ranges = ranges;
        item_.complete = false;
    }

    void write_record() {
        const AcquisitionFacts facts{
            source_,  preflight_,       item_.object,        tree_ ? &*tree_ : nullptr,
            changed_, item_.bad_ranges, item_.warnings,      case_.details().number,
            item_.id, started_at_,      context_.clock.now()};
        const std::string document =
            canonical(acquisition_record(request_, facts, context_)) + "\n";
        item_.acquisition_sha256 = sha256_hex(document);
        write_new_file(folder_->path() / "acquisition.json", as_bytes(document));
    }

    const CaseFolder& case_;
    const AcquireRequest& request_;
    const Source& source_;
    AcquiredItem& item_;
    const Context& context_;
    UtcTime started_at_;
    std::vector<PreflightCheck> preflight_;
    std::optional<ItemFolder> folder_;
    std::optional<TreeCapture> tree_;
    bool has_read_ = false, changed_ = false;
};

void append_acquire_event(Ledger& ledger, const AcquireRequest& request, AcquiredItem& item,
                          const Context& context) {
    EventDraft draft = request.event;
    draft.type = "acquire";
    draft.items = {item.id};
    draft.digests_after = {{item.id, item.object.digests}};
    draft.detail = Json::object({{"acquisition_sha256", item.acquisition_sha256},
                                 {"method", name_of(item.kind)},
                                 {"size_bytes", item.object.size_bytes},
                                 {"tool", to_json(request.tool)}});
    ItemRow row{item.id, {}, 0, item.acquisition_sha256};
    context.random.fill(row.key);
    item.event_seq = ledger.append(draft, request.author, context, row).seq;
}

// The event names the id in its detail only: there is no such item, and there may never be one.
void append_failed_event(Ledger& ledger, const AcquireRequest& request, const AcquiredItem& item,
                         const Source& source, std::string_view error, const Context& context) {
    EventDraft draft = request.event;
    draft.type = "acquire_failed";
    draft.detail = Json::object({{"error", printable(error)},
                                 {"item", item.id},
                                 {"method", name_of(item.kind)},
                                 {"tool", to_json(request.tool)}});
    Json& detail = draft.detail;
    set_text_or_bytes(detail, "source", source.path);
    ledger.append(draft, request.author, context);
}

std::string message_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "unknown failure";
    }
}

// An Error gets one more hint; anything else goes on as it is.
[[noreturn]] void rethrow_with_hint(const std::exception_ptr& failure, const std::string& hint) {
    try {
        std::rethrow_exception(failure);
    } catch (const Error& error) {
        throw Error(error.kind(), error.message(),
                    error.hint() + (error.hint().empty() ? "" : "; ") + hint);
    }
}

[[noreturn]] void fail_and_record(Ledger& ledger, const AcquireRequest& request,
                                  const AcquiredItem& item, const Source& source,
                                  const std::exception_ptr& failure, const Context& context) {
    try {
        append_failed_event(ledger, request, item, source, message_of(failure), context);
    } catch (const std::exception& unrecorded) {
        rethrow_with_hint(failure, std::string("this failure could not be recorded either: ") +
                                       unrecorded.what());
    }
    std::rethrow_exception(failure);
}

}  // namespace

AcquiredItem acquire(CaseFolder& folder, const AcquireRequest& request, const Context& context) {
    check_request(request, context);
    AcquiredItem item;
    const fs::path items_folder = folder.item_folder("x").parent_path();
    create_folders(items_folder);
    item.id = choose_item_id(folder, request, items_folder);
    item.folder = folder.item_folder(item.id);
    const Source source = open_source(request.source);
    check_format(source, request);
    check_errors(source, request.errors);
    check_selection(source, request);
    item.kind = source.kind;
    item.sector_bytes = source.sector_bytes();

    std::optional<Acquisition> acquisition(std::in_place, folder, request, source, item, context);
    try {
        acquisition->run();
    } catch (...) {  // memory and what the caller's sinks throw included: it is on record
        const bool has_read = acquisition->has_read();
        acquisition.reset();  // removes what was written, which may be what filled the disk
        if (!has_read) throw;
        fail_and_record(folder.ledger(), request, item, source, std::current_exception(), context);
    }
    try {
        append_acquire_event(folder.ledger(), request, item, context);
    } catch (...) {
        acquisition->withdraw();
        rethrow_with_hint(
            std::current_exception(),
            "the item is whole but not recorded; it is kept in " + acquisition->kept_in().native());
    }
    return item;
}

}  // namespace evidence
