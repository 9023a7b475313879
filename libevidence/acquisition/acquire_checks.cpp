#include "acquisition/acquire_checks.h"

#include "acquisition/item_folder.h"
#include "acquisition/segmented_writer.h"
#include "base/error.h"
#include "base/item_id.h"
#include "custody/event_writer.h"
#include "digest/pieces.h"

namespace evidence {
namespace {

constexpr std::size_t max_text_bytes = 64 * kib;  // of description, note, write blocker
constexpr std::uint64_t largest_recorded_bytes = json_max_integer;

void require_text(const std::string& text, std::string_view what) {
    require_plain_text(text, what);
    if (text.size() <= max_text_bytes) return;
    throw Error(ErrorKind::usage, std::string(what) + " too long (expected at most " +
                                      std::to_string(max_text_bytes) + " bytes)");
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

// A rescued image is a whole file on a healthy disk: bad places of its own, or a second try at
// them, would mix with those in the map.
void check_mapfile(const Source& source, const AcquireRequest& request) {
    if (request.mapfile.empty()) return;
    if (source.kind != ItemKind::image && source.kind != ItemKind::file) {
        throw Error(ErrorKind::usage,
                    "no image: " + source.path + " (expected a file or a device with --mapfile)");
    }
    if (request.resume || request.errors.on_error == OnError::fill || request.errors.reverse) {
        throw Error(
            ErrorKind::usage,
            "--mapfile says where the image was not read (expected none of --on-error "
            "fill, --reverse and --resume with it)",
            "an image that cannot be read itself is no evidence of its disk; copy it first");
    }
}

void check_selection(const Source& source, const AcquireRequest& request) {
    if (source.kind == ItemKind::tree || request.selection.selects_everything()) return;
    throw Error(ErrorKind::usage, "nothing to choose from: " + source.path +
                                      " (expected a folder with --include, --exclude and "
                                      "--files-from)");
}

// What no record could hold.
void check_sizes(const AcquireRequest& request) {
    for (const std::optional<std::uint64_t>& size :
         {request.segment_bytes, request.expected.size_bytes}) {
        if (size.value_or(0) <= largest_recorded_bytes) continue;
        throw Error(ErrorKind::usage, "size too large: " + std::to_string(*size) +
                                          " bytes (expected at most " +
                                          std::to_string(largest_recorded_bytes) + ")");
    }
}

// The set is an object already.
void check_ewf_source(const Source& source, const AcquireRequest& request) {
    const bool is_as_it_is = request.mapfile.empty() && !request.segment_bytes &&
                             !request.compression && !request.errors.reverse &&
                             !request.errors.read_timeout;
    if (is_as_it_is && request.format.value_or(ObjectFormat::e01) == ObjectFormat::e01) return;
    throw Error(
        ErrorKind::usage,
        "an E01 set is taken in as it is: " + source.path +
            " (expected none of --format raw, --compression, --split, --mapfile, --reverse and "
            "--read-timeout)",
        "--as file copies this one file");
}

void check_format(const Source& source, const AcquireRequest& request) {
    if (source.holds_ewf) return check_ewf_source(source, request);
    if (request.compression && request.format != ObjectFormat::e01) {
        throw Error(ErrorKind::usage,
                    "only E01 images are compressed (expected --format e01 with --compression)");
    }
    if (request.take_ewf_as_file && source.kind != ItemKind::file) {
        throw Error(ErrorKind::usage, "no file: " + source.path + " (expected one with --as file)");
    }
    if (!request.format) return;
    const bool is_folder = source.kind == ItemKind::tree;
    if (is_folder == (*request.format == ObjectFormat::tar)) return;
    throw Error(ErrorKind::usage,
                is_folder
                    ? "only format tar fits a folder: " + source.path + " (expected tar)"
                    : "format tar fits folders only: " + source.path + " (expected raw or e01)");
}

void check_split(const AcquireRequest& request, const Source& source) {
    if (!request.segment_bytes) return;
    const std::uint64_t size = *request.segment_bytes;
    if (source.kind == ItemKind::tree) {
        throw Error(ErrorKind::usage, "cannot split a captured folder: " + source.path +
                                          " (expected a device, file or stream with --split)");
    }
    if (size == 0 || size % piece_bytes != 0) {
        throw Error(ErrorKind::usage, "unusable size of segments: " + std::to_string(size) +
                                          " bytes (expected whole MiB, such as 2GiB)");
    }
    if (request.format == ObjectFormat::e01) return;  // see check_ewf_options
    if (ObjectLayout{source.kind, size}.segments_of(source.size_bytes.value_or(0)) <=
        max_segments) {
        return;
    }
    throw Error(ErrorKind::usage,
                "too many segments: " + source.path + " has " + std::to_string(*source.size_bytes) +
                    " bytes (expected at most " + std::to_string(max_segments) + " segments)",
                "give --split a larger size");
}

void check_resume(const AcquireRequest& request, const Source& source) {
    if (!request.resume) return;
    if (!request.item_id) {
        throw Error(ErrorKind::usage, "which item to resume? (expected --item ID)");
    }
    if (source.holds_ewf || request.format == ObjectFormat::e01) {
        throw Error(ErrorKind::usage, "cannot resume: " + source.path + " (expected format raw)",
                    "an E01 set is written in one go; acquire it anew");
    }
    if (source.kind == ItemKind::image || source.kind == ItemKind::file) return;
    throw Error(ErrorKind::usage,
                "cannot resume: " + source.path + " (expected a device or a file)",
                source.kind == ItemKind::tree ? "a folder may have changed since; acquire it anew"
                                              : "a stream cannot be read from its middle");
}

}  // namespace

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
    require_unrecorded(ledger, *request.item_id);
    return *request.item_id;
}

void require_unrecorded(const Ledger& ledger, const std::string& item) {
    if (!ledger.item_id_taken(item)) return;
    throw Error(ErrorKind::exists, "item exists: " + item + " (expected a new item id)",
                "ids are compared without regard to case; an item is never replaced");
}

void check_options(const Source& source, const AcquireRequest& request) {
    check_expectation_form(request.expected);
    check_sizes(request);
    check_format(source, request);
    check_split(request, source);
    check_resume(request, source);
    check_errors(source, request.errors);
    check_mapfile(source, request);
    check_selection(source, request);
    if (!source.holds_ewf) check_expectation(request.expected, source);
}

}  // namespace evidence
