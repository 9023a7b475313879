#include "acquisition/acquire.h"

#include <exception>

#include "acquisition/acquire_checks.h"
#include "acquisition/acquire_events.h"
#include "acquisition/ewf_plan.h"
#include "acquisition/ewf_sections.h"
#include "acquisition/ewf_segments.h"
#include "acquisition/item_acquisition.h"
#include "base/error.h"

namespace evidence {
namespace {

// Of a set that is whole, and whose first file this is.
std::uint64_t size_of_set(const fs::path& first) {
    const EwfSet set = find_ewf_set(first);
    if (set.segments.size() > max_recorded_segments) {
        throw Error(ErrorKind::unsupported,
                    "E01 set of " + std::to_string(set.segments.size()) +
                        " files: " + first.native() + " (expected at most " +
                        std::to_string(max_recorded_segments) + ")",
                    "export it to a set of larger files");
    }
    std::uint64_t total = 0;
    for (const EwfSegment& segment : set.segments) total += segment.size_bytes;
    return total;
}

ItemKind kind_of(const Source& source, const AcquireRequest& request) {
    const bool is_ewf = source.holds_ewf || request.format == ObjectFormat::e01;
    return is_ewf ? ItemKind::e01 : source.kind;
}

}  // namespace

std::vector<std::string> AcquiredItem::object_files() const {
    if (object.segments.empty()) return {std::string(object_file_name(kind))};
    return segment_file_names(kind, object.segments.size());
}

AcquiredItem acquire(CaseFolder& folder, const AcquireRequest& request, const Context& context) {
    check_request(request, context);
    OwnerRights rights(folder.folder());
    AcquiredItem item;
    const fs::path items_folder = folder.item_folder("x").parent_path();
    create_folders(items_folder);
    item.id = choose_item_id(folder, request, items_folder);
    item.folder = folder.item_folder(item.id);
    Source source = open_source(request.source);
    source.device_reads = request.device;
    source.holds_ewf =
        source.kind == ItemKind::file && !request.take_ewf_as_file && looks_like_ewf(source.file);
    check_options(source, request);
    if (source.holds_ewf) source.ewf_set_bytes = size_of_set(source.path);
    if (request.format == ObjectFormat::e01 && !source.holds_ewf) {
        check_ewf_request(request, source, folder.details().number, item.id, context.clock.now());
    }
    item.kind = kind_of(source, request);
    item.sector_bytes = source.sector_bytes();

    std::optional<ItemAcquisition> acquisition(
        std::in_place, ItemAcquisition::Parts{folder, request, source, item, rights}, context);
    try {
        acquisition->run();
    } catch (...) {  // memory and what the caller's sinks throw included: it is on record
        const bool has_read = acquisition->has_read();
        const KeptItem kept{acquisition->resumable_bytes(), acquisition->kept_in()};
        acquisition.reset();  // removes what was written and cannot be gone on with
        if (!has_read) throw;
        fail_and_record(folder.ledger(), request, item, source, kept, std::current_exception(),
                        context);
    }
    try {
        append_acquire_event(folder.ledger(), request, item, context);
    } catch (...) {
        acquisition->withdraw();
        rethrow_with_hint(std::current_exception(),
                          "the item is whole but not recorded; it is kept in " +
                              acquisition->kept_in()->native());
    }
    try {
        acquisition->forget_resuming();
    } catch (const Error& error) {  // the item is recorded all the same
        item.warnings.push_back("cannot tidy up: " + error.message());
    }
    return item;
}

}  // namespace evidence
