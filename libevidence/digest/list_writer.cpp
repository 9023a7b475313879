#include "digest/list_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/hex.h"
#include "base/json.h"
#include "base/utf8.h"

namespace evidence {
namespace {

bool is_one_of(Algorithm algorithm, std::initializer_list<Algorithm> known) {
    return std::find(known.begin(), known.end(), algorithm) != known.end();
}

bool can_say(ListFormat format, Algorithm algorithm) {
    using enum Algorithm;
    if (format == ListFormat::hashdeep) return is_one_of(algorithm, {md5, sha1, sha256});
    if (format == ListFormat::mtree) {
        return is_one_of(algorithm, {md5, sha1, sha256, sha384, sha512});
    }
    return true;
}

// RFC 8493, 2.1.3.
std::string bagit_name(std::string_view name) {
    std::string text;
    for (const char c : name) {
        if (c == '%') {
            text += "%25";
        } else if (c == '\n') {
            text += "%0A";
        } else if (c == '\r') {
            text += "%0D";
        } else {
            text += c;
        }
    }
    return text;
}

// As vis(3) with VIS_OCTAL does, and '=' so that no reader takes it for a keyword.
std::string vis(std::string_view name) {
    std::string text;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = byte > 0x20 && byte < 0x7f && c != '\\' && c != '#' && c != '=';
        text += is_plain ? std::string(1, c) : fmt::format("\\{:03o}", byte);
    }
    return text;
}

// nullopt for what XML 1.0 cannot hold.
std::optional<std::string> xml_text(std::string_view name) {
    if (!is_valid_utf8(name)) return std::nullopt;
    std::string text;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&') {
            text += "&amp;";
        } else if (c == '<') {
            text += "&lt;";
        } else if (c == '>') {
            text += "&gt;";
        } else if (c == '\n' || c == '\r' || c == '\t') {
            text += fmt::format("&#{};", byte);
        } else if (byte < 0x20) {
            return std::nullopt;
        } else {
            text += c;
        }
    }
    return text;
}

}  // namespace

ListWriter::ListWriter(ListFormat format, std::vector<Algorithm> algorithms, HashLineEnd end)
    : format_(format), algorithms_(std::move(algorithms)), end_(end) {
    const auto refuse = [format](std::string_view problem, std::string_view expected) {
        throw Error(ErrorKind::usage,
                    fmt::format("{}: {} (expected {})", problem, name_of(format), expected),
                    "see evidence-hash --help");
    };
    if (format == ListFormat::nsrl) refuse("a form that is only read", "another form");
    const bool names_no_algorithm = format == ListFormat::sha256sum || format == ListFormat::bagit;
    if (names_no_algorithm && algorithms_.size() > 1) {
        refuse("a form that names no algorithm", "one algorithm, or the form bsd");
    }
    for (const Algorithm algorithm : algorithms_) {
        if (can_say(format, algorithm)) continue;
        refuse(fmt::format("a form without {}", name_of(algorithm)),
               "md5, sha1 or sha256, or the form bsd, jsonl or dfxml");
    }
    const bool has_lines = format == ListFormat::sha256sum || format == ListFormat::bsd;
    if (end == HashLineEnd::zero && !has_lines) {
        refuse("a form that does not go with -0", "sha256sum or bsd");
    }
}

std::string ListWriter::begin(std::string_view tool, std::string_view version) const {
    if (format_ == ListFormat::mtree) return "#mtree\n";
    if (format_ == ListFormat::hashdeep) {
        std::string heading = "%%%% HASHDEEP-1.0\n%%%% size,";
        for (const Algorithm algorithm : algorithms_)
            heading += fmt::format("{},", name_of(algorithm));
        return heading + fmt::format("filename\n## written by {} {}\n##\n", tool, version);
    }
    if (format_ != ListFormat::dfxml) return {};
    return fmt::format(
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        "<dfxml xmlns='http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/' version='1.2.0'>\n"
        "<metadata><dc:type>Hash List</dc:type></metadata>\n"
        "<creator version='1.0'><program>{}</program><version>{}</version></creator>\n",
        tool, version);
}

std::string ListWriter::end() const { return format_ == ListFormat::dfxml ? "</dfxml>\n" : ""; }

std::optional<std::string> ListWriter::line(const HashedFile& file) const {
    switch (format_) {
        case ListFormat::sha256sum:
        case ListFormat::bsd:
            return lines_of(file);
        case ListFormat::bagit:
            return fmt::format("{}  {}\n", to_hex(file.digests.of(algorithms_.front())),
                               bagit_name(file.name));
        case ListFormat::hashdeep:
            return hashdeep_line(file);
        case ListFormat::jsonl:
            return json_line(file);
        case ListFormat::dfxml:
            return dfxml_object(file);
        case ListFormat::mtree:
            return mtree_line(file);
        case ListFormat::nsrl:
            break;
    }
    return std::nullopt;
}

std::string ListWriter::lines_of(const HashedFile& file) const {
    const HashListForm form = format_ == ListFormat::bsd ? HashListForm::bsd : HashListForm::plain;
    std::string lines;
    for (const Algorithm algorithm : algorithms_) {
        lines +=
            format_hash_line(form, end_, algorithm, to_hex(file.digests.of(algorithm)), file.name);
    }
    return lines;
}

std::optional<std::string> ListWriter::hashdeep_line(const HashedFile& file) const {
    if (file.name.find_first_of("\n\r") != std::string_view::npos) return std::nullopt;
    std::string line = fmt::format("{},", file.digests.size_bytes);
    for (const Algorithm algorithm : algorithms_) {
        line += to_hex(file.digests.of(algorithm)) + ",";
    }
    return line.append(file.name).append("\n");
}

std::string ListWriter::json_line(const HashedFile& file) const {
    Json digests = Json::object({});
    for (const Algorithm algorithm : algorithms_) {
        digests.set(name_of(algorithm), to_hex(file.digests.of(algorithm)));
    }
    Json json = Json::object({{"digests", digests}, {"size_bytes", file.digests.size_bytes}});
    set_text_or_bytes(json, "name", file.name);
    return canonical(json) + "\n";
}

std::optional<std::string> ListWriter::dfxml_object(const HashedFile& file) const {
    const std::optional<std::string> name = xml_text(file.name);
    if (!name) return std::nullopt;
    std::string object = fmt::format("<fileobject><filename>{}</filename><filesize>{}</filesize>",
                                     *name, file.digests.size_bytes);
    for (const Algorithm algorithm : algorithms_) {
        object += fmt::format("<hashdigest type='{}'>{}</hashdigest>", name_of(algorithm),
                              to_hex(file.digests.of(algorithm)));
    }
    return object + "</fileobject>\n";
}

std::string ListWriter::mtree_line(const HashedFile& file) const {
    const bool is_path = file.name.find('/') != std::string_view::npos;
    std::string line = fmt::format("{}{} type=file size={}", is_path ? "" : "./", vis(file.name),
                                   file.digests.size_bytes);
    for (const Algorithm algorithm : algorithms_) {
        line += fmt::format(" {}digest={}", name_of(algorithm), to_hex(file.digests.of(algorithm)));
    }
    return line + "\n";
}

}  // namespace evidence
