// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/multipart.h"

#include "tests/support/test.h"

namespace {

using http::Part;
using namespace std::string_literals;

constexpr std::string_view kType = "multipart/related; boundary=b1; type=\"application/json\"";

base::Result<std::vector<Part>> parsed(std::string_view body, std::string_view type = kType) {
    return http::parse_multipart(type, body);
}

void what_is_built_is_read_back() {
    const std::vector<Part> parts{{"application/json", "", "{\"a\":1}"},
                                  {"application/vnd.3gpp.ngap", "ngap-1", "\x00\x33\r\n--b\xff"s}};
    const auto built = http::build_related(parts);
    CHECK_EQ(http::media_type(built.content_type), "multipart/related");
    CHECK_EQ(http::media_parameter(built.content_type, "type"), "application/json");
    const auto read = parsed(built.body, built.content_type);
    CHECK_OK(read);
    CHECK(*read == parts);
}

void a_boundary_that_a_part_contains_is_not_chosen() {
    const auto plain = http::build_related({{"a/b", "", "x"}});
    const std::string used = http::media_parameter(plain.content_type, "boundary");
    const std::vector<Part> parts{{"a/b", "", "\r\n--" + used + "\r\n"}};
    const auto built = http::build_related(parts);
    CHECK(http::media_parameter(built.content_type, "boundary") != used);
    CHECK(*parsed(built.body, built.content_type) == parts);
}

void the_boundary_may_be_quoted_and_the_id_in_brackets() {
    const std::string body =
        "--b 1\r\ncontent-ID: <n2>\r\nCONTENT-TYPE: application/vnd.3gpp.ngap\r\n\r\nxyz\r\n"
        "--b 1\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{}\r\n--b 1--\r\n";
    const auto read = parsed(body, "Multipart/Related; type=\"application/json\" ; Boundary=\"b\\ 1\"");
    CHECK_OK(read);
    CHECK_EQ(http::find_id(*read, "n2")->body, "xyz");
    CHECK_EQ(http::find_type(*read, "application/json")->body, "{}");
    CHECK(http::find_id(*read, "n3") == nullptr);
    CHECK(http::find_type(*read, "application/xml") == nullptr);
}

void only_the_exact_delimiter_ends_a_part() {
    const std::string inside = "a\r\n--b\r\n--b12\r\n--b1x\r\n --b1\r\n\n--b1\r\n-\r\n--b1-";
    const auto read = parsed("--b1\r\n\r\n" + inside + "\r\n--b1--");
    CHECK_OK(read);
    CHECK_EQ(read->size(), 1U);
    CHECK_EQ(read->front().body, inside);
    // At the very beginning, too, with and without a line end before it.
    CHECK(!http::parse_multipart("multipart/mixed; boundary=b", "\r\n--b\rno\r\n--b"));
    CHECK_OK(http::parse_multipart("multipart/mixed; boundary=b", "--bno\r\n--b\r\n\r\n\r\n--b--\r\n"));
}

void preamble_padding_epilogue_and_folded_fields_are_read_over() {
    const auto read = parsed(
        "for old readers\r\n--b1 \t\r\nContent-Type:\r\n text/plain\r\nX: y\r\n\r\n1\r\n--b1--\r\nend");
    CHECK_OK(read);
    CHECK_EQ(read->size(), 1U);
    CHECK_EQ(read->front().type, "text/plain");
    CHECK_EQ(read->front().body, "1");
}

void empty_bodies_are_parts() {
    const auto read = parsed("--b1\r\nContent-Id: a\r\n\r\n\r\n--b1\r\nContent-Id: b\r\n\r\n--b1--");
    CHECK_OK(read);
    CHECK_EQ(read->size(), 2U);
    CHECK_EQ((*read)[0].id + (*read)[1].id, "ab");
    CHECK_EQ((*read)[0].body + (*read)[1].body, "");
}

void what_is_not_multipart_is_refused() {
    CHECK(!parsed("{}", "application/json"));
    CHECK(!parsed("--\r\n\r\n--", "multipart/related"));
    CHECK(!parsed("--b1--", "multipart/related; boundary=\"" + std::string(71, 'b') + "\""));
    CHECK(!parsed("no delimiter"));
    CHECK(!parsed("--b1\r\n\r\nno end"));
    CHECK(!parsed("--b1\r\n\r\nno end\r\n--b1\r\n"));
    CHECK(!parsed("--b1\r\nno colon\r\n\r\n\r\n--b1--"));
    CHECK(!parsed("--b1\r\n--b1--"));
}

void parts_and_their_heads_are_bounded() {
    std::string many;
    for (int i = 0; i < 17; ++i) many += "--b1\r\n\r\n\r\n";
    const auto parts = parsed(many + "--b1--");
    CHECK(!parts);
    CHECK(parts.error().kind == base::ErrorKind::kLimit);
    const auto head = parsed("--b1\r\nX: " + std::string(5000, 'x') + "\r\n\r\n\r\n--b1--");
    CHECK(!head);
    CHECK(head.error().kind == base::ErrorKind::kLimit);
}

void every_truncation_is_refused_or_read() {
    const auto whole = http::build_related({{"application/json", "", "{}"}, {"x/y", "1", "abc"}});
    const size_t enough = whole.body.size() - 2;  // the last line end means nothing
    for (size_t size = 0; size < enough; ++size)
        CHECK(!parsed(whole.body.substr(0, size), whole.content_type));
    CHECK_OK(parsed(whole.body.substr(0, enough), whole.content_type));
}

void parameters_are_found_among_others() {
    CHECK_EQ(http::media_parameter("a/b;x;y=1; z=\"2;3\";w = 4 ", "z"), "2;3");
    CHECK_EQ(http::media_parameter("a/b;x;y=1; z=\"2;3\";w = 4 ", "w"), "4");
    CHECK_EQ(http::media_parameter("a/b;x;y=1", "x"), "");
    CHECK_EQ(http::media_parameter("a/b; z=\"open", "z"), "open");
    CHECK_EQ(http::media_parameter("a/b", "z"), "");
}

}  // namespace

GROUP(multipart, CASE(what_is_built_is_read_back), CASE(a_boundary_that_a_part_contains_is_not_chosen),
      CASE(the_boundary_may_be_quoted_and_the_id_in_brackets), CASE(only_the_exact_delimiter_ends_a_part),
      CASE(preamble_padding_epilogue_and_folded_fields_are_read_over), CASE(empty_bodies_are_parts),
      CASE(what_is_not_multipart_is_refused), CASE(parts_and_their_heads_are_bounded),
      CASE(every_truncation_is_refused_or_read), CASE(parameters_are_found_among_others))
