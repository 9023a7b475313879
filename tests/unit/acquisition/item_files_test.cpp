#include "acquisition/item_files.h"

#include <doctest/doctest.h>

#include "base/error.h"

using namespace evidence;

namespace {

// acquisition/000001.json and 000002.json of sample-v1.asice, made by an independent program.
constexpr std::string_view image_record =
    R"({"case":"HN-2025-7","clock":{"offset_ms":0,"source":"system"},"completed_at":"2026-11-22T00:36:38.000Z","crc32":"3d27bd9e","digests":{"sha256":"a231dc3e957aec5c6163b43e817a90e0b38107744c2c0f6ef59b34c60c4e8a17"},"format":"evidence-acquisition/1","item":"DISK-01","method":"image","pieces_root":"a41b1e7a6c05831b576cbf1388652c843702bd5bc9e41de9d1c530de4584a421","salt":"3d5ec8f05823cf0d36bba6f4ad480765","size_bytes":2250000,"source":{"path":"/dev/sdb"},"started_at":"2026-11-22T00:26:38.000Z","tool":{"name":"evidence-acquire","version":"sample"},"zone":"+07:00"})"
    "\n";
constexpr std::string_view tree_record =
    R"({"case":"HN-2025-7","clock":{"offset_ms":0,"source":"system"},"completed_at":"2026-11-22T00:36:38.000Z","crc32":"5917ea7c","digests":{"sha256":"3041a76ebfe3b3416dbf86f8a459e4aabe788b9241f1e7cc7659e605bf9529dc"},"format":"evidence-acquisition/1","item":"MAIL-01","method":"tree","salt":"34912727f6fe530027077e9ad6a42e46","size_bytes":10240,"source":{"path":"/home/suspect/mail"},"started_at":"2026-11-22T00:26:38.000Z","tool":{"name":"evidence-acquire","version":"sample"},"zone":"+07:00"})"
    "\n";

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
    std::string out(text);
    const auto position = out.find(from);
    REQUIRE(position != std::string::npos);
    return out.replace(position, from.size(), to);
}

ErrorKind refusal_of(const std::string& document) {
    try {
        parse_acquisition_record(document, "acquisition.json");
    } catch (const Error& error) {
        CHECK(error.message().find("acquisition.json") != std::string::npos);
        return error.kind();
    }
    FAIL("accepted: ", document);
    return {};
}

}  // namespace

TEST_CASE("the independent sample's records parse") {
    const auto image = parse_acquisition_record(image_record, "acquisition/000001.json");
    CHECK(image.case_number == "HN-2025-7");
    CHECK(image.item == "DISK-01");
    CHECK(image.kind == ItemKind::image);
    CHECK(image.size_bytes == 2250000);
    CHECK(image.crc32 == 0x3d27bd9e);
    REQUIRE(image.pieces_root);
    CHECK((*image.pieces_root)[0] == 0xa4);
    CHECK(image.source_member.string() == "/dev/sdb");
    CHECK(image.source_bytes_member.is_null());

    const auto tree = parse_acquisition_record(tree_record, "acquisition/000002.json");
    CHECK(tree.kind == ItemKind::tree);
    CHECK_FALSE(tree.pieces_root);
    CHECK_FALSE(tree.index_sha256);
    CHECK_FALSE(tree.omitted_sha256);
}

TEST_CASE("a tree's account and index are read") {
    const std::string hash(64, 'a');
    const std::string document = replaced(
        replaced(
            tree_record, R"({"case")",
            R"({"account":{"changed":0,"collected":5,"excluded":1,"failed":2,"omitted_sha256":")" +
                hash + R"(","seen":8},"case")"),
        R"("item")", R"("index_sha256":")" + hash + R"(","item")");
    const auto record = parse_acquisition_record(document, "acquisition.json");
    CHECK(record.index_sha256 == hash);
    CHECK(record.omitted_sha256 == hash);
    CHECK(refusal_of(replaced(document, R"("seen":8)", R"("seen":9)")) == ErrorKind::malformed);
    CHECK(refusal_of(replaced(document, R"("method":"tree")", R"("method":"file")")) ==
          ErrorKind::malformed);
}

TEST_CASE("a path that is not UTF-8 is kept as hex") {
    const auto record = parse_acquisition_record(
        replaced(tree_record, R"("path":"/home/suspect/mail")", R"("path_bytes":"2fff")"), "x");
    CHECK(record.source_member.is_null());
    CHECK(record.source_bytes_member.string() == "2fff");
}

TEST_CASE("records that are not of the format are refused") {
    CHECK(refusal_of(std::string(image_record.substr(0, image_record.size() - 1))) ==
          ErrorKind::malformed);
    CHECK(refusal_of(replaced(image_record, "evidence-acquisition/1", "evidence-acquisition/2")) ==
          ErrorKind::unsupported);
    CHECK(refusal_of(replaced(image_record, R"("method":"image")", R"("method":"aff4")")) ==
          ErrorKind::unsupported);
    const std::pair<std::string_view, std::string_view> wrong[] = {
        {R"("item":"DISK-01")", R"("item":"../x")"},
        {R"("size_bytes":2250000)", R"("size_bytes":-1)"},
        {R"("size_bytes":2250000)", R"("size_bytes":1048576)"},  // but has pieces
        {R"("crc32":"3d27bd9e")", R"("crc32":"3D27BD9E")"},
        {R"({"sha256":)", R"({"sha1":)"},
        {R"("salt":"3d)", R"("salt":")"},
        {R"(2026-11-22T00:36:38.000Z)", R"(2026-11-22T00:36:38Z)"},
        {R"("zone":"+07:00")", R"("zone":"+7")"},
        {R"({"path":"/dev/sdb"})", R"({})"},
        {R"({"path":"/dev/sdb"})", R"({"path":"/dev/sdb","path_bytes":"2f"})"},
        {R"({"path":"/dev/sdb"})", R"({"path_bytes":"2"})"},
        {R"("tool":{"name":"evidence-acquire","version":"sample"},)", ""},
    };
    for (const auto& [from, to] : wrong) {
        CAPTURE(from);
        CHECK(refusal_of(replaced(image_record, from, to)) == ErrorKind::malformed);
    }
}

TEST_CASE("segments are those of the object, and every one is described in full") {
    const std::string segment =
        R"({"crc32":"00000000","digests":{"sha256":"a231dc3e957aec5c6163b43e817a90e0b38107744c2c0f6ef59b34c60c4e8a17"},"size_bytes":)";
    const std::string root =
        R"("pieces_root":"a41b1e7a6c05831b576cbf1388652c843702bd5bc9e41de9d1c530de4584a421",)";
    const auto with_root = [&](std::string_view size) {
        return replaced(segment, R"("size_bytes":)", root + R"("size_bytes":)") + std::string(size);
    };
    const auto with_segments = [&](const std::string& segments) {
        return replaced(image_record, R"("size_bytes":2250000)",
                        R"("segments":[)" + segments + R"(],"size_bytes":2250000)");
    };
    const std::string good = with_root("2097152}") + "," + segment + "152848}";
    const AcquisitionRecord record = parse_acquisition_record(with_segments(good), "x");
    REQUIRE(record.segments.size() == 2);
    CHECK(record.segments[0].pieces() == 2);
    CHECK(record.segments[1].size_bytes == 152848);
    CHECK(object_file_names(record) == std::vector<std::string>{"image.000", "image.001"});
    for (const std::string& wrong :
         {std::string(), with_root("2097152}"), with_root("2250000}") + "," + segment + "1}",
          segment + "2097152}," + segment + "152848}",          // no root
          with_root("1048576}") + "," + with_root("1201424}"),  // a root too many
          segment + "1048575}," + with_root("1201425}")}) {     // no whole piece
        CAPTURE(wrong);
        CHECK(refusal_of(with_segments(wrong)) == ErrorKind::malformed);
    }
    // An E01 image is never without them.
    CHECK(refusal_of(replaced(image_record, R"("method":"image")", R"("method":"e01")")) ==
          ErrorKind::malformed);
}

TEST_CASE("kinds have one name, file and extension each") {
    CHECK(object_file_name(ItemKind::image) == "image.img");
    CHECK(object_file_name(ItemKind::file) == "file.bin");
    CHECK(object_file_name(ItemKind::stream) == "stream.img");
    CHECK(object_file_name(ItemKind::tree) == "tree.tar");
    CHECK(object_extension(ItemKind::file) == "bin");
    for (ItemKind kind : {ItemKind::image, ItemKind::file, ItemKind::stream, ItemKind::tree}) {
        CHECK(item_kind_named(name_of(kind)) == kind);
    }
    CHECK(item_kind_named("e01") == ItemKind::e01);
    CHECK(segment_file_name(ItemKind::image, 0) == "image.000");
    CHECK(segment_file_name(ItemKind::stream, 12) == "stream.012");
    CHECK(segment_file_name(ItemKind::e01, 0) == "image.E01");
    CHECK(segment_file_name(ItemKind::e01, 99) == "image.EAA");
    CHECK_FALSE(item_kind_named("aff4"));
}
