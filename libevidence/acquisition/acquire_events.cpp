#include "acquisition/acquire_events.h"

#include "acquisition/acquisition_record.h"
#include "base/error.h"
#include "base/printable.h"
#include "custody/event_writer.h"

namespace evidence {
namespace {

// The event names the id in its detail only: there is no such item, and there may never be one.
void append_failed_event(Ledger& ledger, const AcquireRequest& request, const AcquiredItem& item,
                         const Source& source, std::uint64_t resumable_bytes,
                         std::string_view error, const Context& context) {
    EventDraft draft = request.event;
    draft.type = "acquire_failed";
    draft.detail = Json::object({{"error", printable(error)},
                                 {"item", item.id},
                                 {"method", name_of(item.kind)},
                                 {"tool", to_json(request.tool)}});
    Json& detail = draft.detail;
    if (resumable_bytes > 0) detail.set("resumable_bytes", resumable_bytes);
    set_text_or_bytes(detail, "source", source.path);
    ledger.append(draft, request.author, context);
}

std::string words_for(const KeptItem& kept, const std::string& item) {
    if (kept.resumable_bytes > 0) {
        return std::to_string(kept.resumable_bytes) +
               " bytes are kept; go on with the same command and --resume --item " + item;
    }
    return kept.folder ? "the item is whole; it is kept in " + kept.folder->native()
                       : "nothing was kept";
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

}  // namespace

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

void rethrow_with_hint(const std::exception_ptr& failure, const std::string& hint) {
    try {
        std::rethrow_exception(failure);
    } catch (const Error& error) {
        throw Error(error.kind(), error.message(),
                    error.hint() + (error.hint().empty() ? "" : "; ") + hint);
    }
}

void fail_and_record(Ledger& ledger, const AcquireRequest& request, const AcquiredItem& item,
                     const Source& source, const KeptItem& kept, const std::exception_ptr& failure,
                     const Context& context) {
    try {
        append_failed_event(ledger, request, item, source, kept.resumable_bytes,
                            message_of(failure), context);
    } catch (const std::exception& unrecorded) {
        rethrow_with_hint(failure, std::string("this failure could not be recorded either: ") +
                                       unrecorded.what());
    }
    rethrow_with_hint(failure, words_for(kept, item.id));
}

}  // namespace evidence
