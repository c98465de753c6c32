// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/key.h"

#include <vector>

#include "tests/support/test.h"

namespace {

using store::Key;
using store::KeyReader;
using namespace std::string_literals;

void keys_sort_as_their_parts_do() {
    const std::vector<Key> in_order{
        Key().number(0), Key().number(255), Key().number(256), Key().number(uint64_t{1} << 40),
        Key().text(""),
    };
    for (size_t i = 1; i + 1 < in_order.size(); ++i) CHECK(in_order[i - 1].octets() < in_order[i].octets());
    CHECK(Key().text("a").number(9).octets() < Key().text("a1").number(1).octets());
    CHECK(Key().text("a").octets() < Key().text("a\0"s).octets());
    CHECK(Key().text("a\0b"s).octets() < Key().text("a1").octets());
}

void no_text_is_the_beginning_of_another() {
    for (const auto& longer : {"ab"s, "a\0"s, "a\0\0"s, "a\xff"s})
        CHECK(!Key().text(longer).octets().starts_with(Key().text("a").octets()));
}

void a_key_is_taken_apart_as_it_was_built() {
    const base::Uuid uuid = base::new_uuid(1);
    const Key key = Key().uuid(uuid).text("bsc\0-1"s).number(77).text("");
    KeyReader reader{key};
    CHECK(*reader.uuid() == uuid);
    CHECK_EQ(*reader.text(), "bsc\0-1"s);
    CHECK_EQ(*reader.number(), uint64_t{77});
    CHECK_EQ(*reader.text(), "");
    CHECK(reader.at_end());
}

void every_truncated_key_is_corrupt() {
    const Key key = Key().uuid(base::new_uuid(1)).text("x").number(7);
    for (size_t length = 0; length < key.octets().size(); ++length) {
        KeyReader reader{std::string_view(key).substr(0, length)};
        const auto uuid = reader.uuid();
        const auto text = reader.text();
        const auto number = reader.number();
        CHECK(!uuid || !text || !number);
    }
    KeyReader wrong_escape{std::string_view("a\0b\0\0", 5)};
    CHECK_EQ(wrong_escape.text().error().kind, base::ErrorKind::kCorrupt);
}

}  // namespace

GROUP(key, CASE(keys_sort_as_their_parts_do), CASE(no_text_is_the_beginning_of_another),
      CASE(a_key_is_taken_apart_as_it_was_built), CASE(every_truncated_key_is_corrupt))
