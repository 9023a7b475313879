#include "acquisition/ewf_plan.h"

#include "base/error.h"

namespace evidence {

EwfOptions ewf_options(const AcquireRequest& request, const Source& source, const fs::path& folder,
                       const std::string& case_number, const std::string& item,
                       UtcTime started_at) {
    EwfOptions options;
    options.folder = folder;
    options.media_bytes = source.size_bytes.value_or(0);
    options.sector_bytes = source.sector_bytes();
    options.compression = request.compression.value_or(EwfCompression::fast);
    constexpr std::uint64_t many_segments = max_recorded_segments * 4 / 5;
    while (options.media_bytes / options.segment_bytes > many_segments) options.segment_bytes *= 2;
    if (request.segment_bytes) options.segment_bytes = *request.segment_bytes;
    options.medium = source.device ? EwfMedium::physical_disk : EwfMedium::logical;
    EwfHeader& header = options.header;
    header.case_number = case_number;
    header.evidence_number = item;
    header.description = request.description;
    header.examiner_name = request.author.actor.name;
    header.notes = request.note;
    if (source.device) {
        header.model = source.device->model;
        header.serial_number = source.device->serial;
    }
    header.acquiry_software_version = request.tool.name + " " + request.tool.version;
    header.acquiry_operating_system = "Linux";
    header.acquired_at = started_at;
    return options;
}

void check_ewf_request(const AcquireRequest& request, const Source& source,
                       const std::string& case_number, const std::string& item,
                       UtcTime started_at) {
    if (!source.size_bytes) {
        throw Error(ErrorKind::usage,
                    "format e01 needs to know the size beforehand: " + source.path +
                        " (expected a device or a file)",
                    "acquire the stream raw");
    }
    check_ewf_options(ewf_options(request, source, {}, case_number, item, started_at));
}

}  // namespace evidence
