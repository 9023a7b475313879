#include "custody/event_types.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/error.h"

using namespace evidence;

TEST_CASE("every known type is named once, well, and with a source") {
    std::set<std::string_view> names;
    for (const EventType& type : event_types()) {
        CAPTURE(type.name);
        CHECK(is_event_type_name(type.name));
        CHECK(names.insert(type.name).second);
        CHECK_FALSE(type.source.empty());
        CHECK(find_event_type(type.name) == &type);
    }
    CHECK(names.contains("check_out"));
    CHECK(names.contains("preservation_held_pending_mla"));
}

TEST_CASE("an unknown type is refused with the nearest known ones") {
    try {
        require_event_type("chek_out");
        FAIL("accepted");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::usage);
        CHECK(error.hint().find("check_out") != std::string::npos);
    }
    CHECK_THROWS_AS(require_event_type(""), Error);
    CHECK_THROWS_AS(require_event_type(std::string(100'000, 'a')), Error);
    CHECK(require_event_type("move").writer == EventWriter::person);
}

TEST_CASE("a type name is lower case letters, digits and underscores") {
    CHECK(is_event_type_name("a"));
    CHECK(is_event_type_name(std::string(64, 'a')));
    for (const std::string& name : {std::string(), std::string("1a"), std::string("_a"),
                                    std::string("A"), std::string("a-b"), std::string(65, 'a')}) {
        CHECK_FALSE(is_event_type_name(name));
    }
}
