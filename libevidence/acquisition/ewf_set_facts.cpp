#include "acquisition/ewf_set_facts.h"

#include <algorithm>

#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"

namespace evidence {
namespace {

constexpr std::size_t volume_bytes = 1052, older_volume_bytes = 94;
constexpr std::size_t geometry_at = 4, geometry_bytes = 20;  // chunks, their size, sectors
constexpr std::size_t identifier_at = 64, identifier_bytes = 16;
constexpr std::size_t md5_bytes = 16, sha1_bytes = 20;
constexpr std::size_t hash_bytes = 36, digest_section_bytes = 80;  // with their checksums

class Examination {
public:
    EwfSetFacts run(std::span<const EwfExtent> segments) {
        if (segments.empty()) {
            throw Error(ErrorKind::malformed, "no segment of an E01 set (expected at least 1)");
        }
        for (std::size_t i = 0; i < segments.size(); ++i) {
            EwfSectionChain chain(segments[i]);
            if (chain.number() != i + 1) {
                chain.malformed("segment number " + std::to_string(i + 1), 0);
            }
            read_segment(chain, i + 1 == segments.size());
        }
        return facts_;
    }

private:
    void read_segment(EwfSectionChain& chain, bool is_last) {
        while (const std::optional<EwfSection> section = chain.next()) {
            if (section->ends_segment() && section->is_last_of_set() != is_last) {
                chain.malformed(is_last ? "the end of the set, a segment is missing behind"
                                        : "another segment, not the end of the set",
                                section->offset);
            }
            read_section(chain, *section);
        }
        if (volume_.empty()) chain.malformed("a volume section in the first segment", 0);
    }

    void read_section(const EwfSectionChain& chain, const EwfSection& section) {
        if (section.type == "volume" || section.type == "disk" || section.type == "data") {
            read_volume(chain, section);
        } else if (section.type == "hash") {
            const Bytes data = checked_data(chain, section, hash_bytes);
            add_digest(chain, section, Algorithm::md5, ByteView(data).first(md5_bytes));
        } else if (section.type == "digest") {
            const Bytes data = checked_data(chain, section, digest_section_bytes);
            add_digest(chain, section, Algorithm::md5, ByteView(data).first(md5_bytes));
            add_digest(chain, section, Algorithm::sha1,
                       ByteView(data).subspan(md5_bytes, sha1_bytes));
        }
    }

    // The data of a section, which end in their checksum.
    Bytes checked_data(const EwfSectionChain& chain, const EwfSection& section,
                       std::size_t size) const {
        if (section.data_bytes() < size) chain.malformed("a longer section", section.offset);
        Bytes data(size);
        chain.read(data, section.data_offset());
        if (!ewf_checksum_is_right(data)) {
            chain.malformed("data of the section with a right checksum", section.data_offset());
        }
        return data;
    }

    // The first is the volume; "data", in the other segments, repeats it.
    void read_volume(const EwfSectionChain& chain, const EwfSection& section) {
        if (section.data_bytes() == older_volume_bytes) {
            throw Error(ErrorKind::unsupported,
                        "E01 set of a format older than EnCase 1: " +
                            printable(chain.extent().file.name()) + " (expected EnCase 1 to 7)",
                        "convert it with ewfexport -f encase6");
        }
        const Bytes data = checked_data(chain, section, volume_bytes);
        if (volume_.empty()) {
            volume_ = data;
            facts_.volume = parse_ewf_volume(data);
            if (const char* expected = volume_objection(facts_.volume)) {
                chain.malformed(expected, section.offset);
            }
            return;
        }
        const auto same = [&](std::size_t at, std::size_t size) {
            return std::ranges::equal(ByteView(data).subspan(at, size),
                                      ByteView(volume_).subspan(at, size));
        };
        if (!same(geometry_at, geometry_bytes) || !same(identifier_at, identifier_bytes)) {
            chain.malformed("the same medium and set as in the first segment", section.offset);
        }
    }

    // Zeros stand for a digest that nobody made.
    void add_digest(const EwfSectionChain& chain, const EwfSection& section, Algorithm algorithm,
                    ByteView value) {
        if (all_zero(value)) return;
        const std::string hex = to_hex(value);
        if (facts_.digests.emplace(algorithm, hex).first->second != hex) {
            chain.malformed("the same digest as in an earlier section", section.offset);
        }
    }

    EwfSetFacts facts_;
    Bytes volume_;  // the data of its section
};

}  // namespace

EwfSetFacts read_ewf_set_facts(std::span<const EwfExtent> segments) {
    return Examination().run(segments);
}

}  // namespace evidence
