// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/log/log.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "common/base/fd.h"
#include "common/log/format.h"
#include "common/log/sink.h"
#include "tests/support/test.h"

using namespace std::chrono_literals;

namespace {

// A log whose lines can be read back.
struct Recorded {
    explicit Recorded(logs::Format format = logs::Format::kText)
        : file(memfd_create("log", MFD_CLOEXEC)),
          sink(std::make_shared<logs::Sink>(logs::SinkOptions{"cbc", format, file.get()}, clock)),
          log(sink) {}

    std::string text() const {
        struct stat status {};
        CHECK_EQ(fstat(file.get(), &status), 0);
        std::string all(static_cast<size_t>(status.st_size), '\0');
        CHECK_EQ(pread(file.get(), all.data(), all.size(), 0), status.st_size);
        return all;
    }
    size_t lines_with(std::string_view words) const {
        size_t count = 0;
        const std::string all = text();
        for (size_t at = 0; (at = all.find(words, at)) != std::string::npos; ++at) ++count;
        return count;
    }

    base::FakeClock clock;
    base::Fd file;
    std::shared_ptr<logs::Sink> sink;
    logs::Log log;
};

void a_text_line_has_time_level_event_and_fields() {
    Recorded it;
    it.log.with({{"peer", "bsc-1"}})
        .warning("cbsp.write.refused", {{"cause", "cell not valid"}, {"cells", 3}});
    CHECK_EQ(it.text(),
             "2023-11-14T22:13:20Z warning cbsp.write.refused peer=bsc-1 cause=\"cell not valid\" cells=3\n");
}

void a_value_cannot_forge_a_line_or_a_field() {
    Recorded it;
    it.log.error("http.request.bad", {{"path", "/\n2023 error forged\x1b[31m a=\"b\""}, {"empty", ""}});
    CHECK_EQ(it.lines_with("\n"), 1u);
    CHECK_EQ(it.lines_with("path=\"/\\n2023 error forged\\x1b[31m a=\\\"b\\\"\" empty=\"\""), 1u);
}

void a_json_line_is_one_object_whatever_the_bytes() {
    Recorded it(logs::Format::kJson);
    it.log.notice("frame.ready", {{"text", "caf\xc3\xa9 \xff \"quoted\"\n"}});
    const auto object = nlohmann::json::parse(it.text());
    CHECK_EQ(object.at("level").get<std::string>(), "notice");
    CHECK_EQ(object.at("daemon").get<std::string>(), "cbc");
    CHECK_EQ(object.at("event").get<std::string>(), "frame.ready");
    CHECK_EQ(object.at("text").get<std::string>(), "caf\xc3\xa9 \xef\xbf\xbd \"quoted\"\n");
}

void journal_fields_carry_the_priority_and_farol_names() {
    const std::vector<logs::Field> own{{"peer", "bsc-1"}};
    const std::vector<logs::Field> more{{"request_id", "a b"}};
    const logs::Line line{base::Instant{}, "cbc", logs::Level::kError, "cbsp.link.lost", own, more};
    const auto fields = logs::journal_fields(line);
    CHECK_EQ(fields.size(), 7u);
    CHECK_EQ(fields[0], "PRIORITY=3");
    CHECK_EQ(fields[1], "MESSAGE=cbsp.link.lost peer=bsc-1 request_id=\"a b\"");
    CHECK_EQ(fields[2].size(), std::string("MESSAGE_ID=").size() + 32);
    CHECK_EQ(fields[3], "FAROL_DAEMON=cbc");
    CHECK_EQ(fields[4], "FAROL_EVENT=cbsp.link.lost");
    CHECK_EQ(fields[5], "FAROL_PEER=bsc-1");
    CHECK_EQ(fields[6], "FAROL_REQUEST_ID=a b");
}

void every_event_name_has_its_own_message_id() {
    const auto id = [](std::string_view event) {
        return logs::journal_fields({base::Instant{}, "cbc", logs::Level::kInfo, event, {}, {}})[2];
    };
    CHECK(id("a.b") == id("a.b"));
    CHECK(id("a.b") != id("a.c"));
    CHECK_EQ(id("a.b")[std::string("MESSAGE_ID=").size() + 12], '8');  // the UUID's version
}

void levels_of_a_category_change_at_run_time() {
    Recorded it;
    it.log.debug("cbsp.pdu.in");
    CHECK_EQ(it.text(), "");
    it.sink->set_levels({logs::Level::kInfo, {{"cbsp", logs::Level::kDebug}, {"http", logs::Level::kError}}});
    it.log.debug("cbsp.pdu.in");
    it.log.debug("frame.turn");
    it.log.warning("http.slow");
    it.log.info("store.opened");
    CHECK_EQ(it.lines_with("\n"), 2u);
    CHECK_EQ(it.lines_with("debug cbsp.pdu.in\n"), 1u);
    CHECK_EQ(it.lines_with("info store.opened\n"), 1u);
}

void more_than_ten_a_second_of_one_event_are_counted() {
    Recorded it;
    for (int i = 0; i < 25; ++i) it.log.info("http.request", {{"n", i}});
    it.log.info("another.event");
    CHECK_EQ(it.lines_with("http.request"), 10u);
    CHECK_EQ(it.lines_with("another.event"), 1u);
    it.clock.advance(1s);
    it.sink->tick();
    it.sink->tick();
    CHECK_EQ(it.lines_with("warning log.held_back of=http.request count=15\n"), 1u);
    it.log.info("http.request", {{"n", "again"}});
    CHECK_EQ(it.lines_with("n=again"), 1u);
}

void a_reader_that_does_not_read_loses_lines_and_blocks_nobody() {
    int fds[2];
    CHECK_EQ(pipe2(fds, O_CLOEXEC), 0);
    const base::Fd unread{fds[0]}, stderr_like{fds[1]};
    base::FakeClock clock;
    const auto sink =
        std::make_shared<logs::Sink>(logs::SinkOptions{"cbc", logs::Format::kText, stderr_like.get()}, clock);
    const logs::Log log(sink);
    for (int i = 0; i < 200; ++i) {
        log.info("flood", {{"text", std::string(2000, 'x')}});
        clock.advance(1s);
    }
    CHECK(sink->dropped() > 0);
}

void a_redirected_stderr_is_not_taken_for_the_journal() {
    setenv("JOURNAL_STREAM", "1:2", 1);
    const Recorded elsewhere(logs::Format::kAuto);
    struct stat status {};
    CHECK_EQ(fstat(elsewhere.file.get(), &status), 0);
    setenv("JOURNAL_STREAM", (std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino)).c_str(),
           1);
    base::FakeClock clock;
    const logs::Sink ours({"cbc", logs::Format::kAuto, elsewhere.file.get()}, clock);
    unsetenv("JOURNAL_STREAM");
    CHECK(elsewhere.sink->format() == logs::Format::kText);
    CHECK(ours.format() == logs::Format::kJournal);
}

void a_level_is_read_by_its_word() {
    CHECK_OK(logs::parse_level("notice"));
    const auto wrong = logs::parse_level("loud");
    CHECK(!wrong);
    CHECK_EQ(wrong.error().text, "\"loud\" is not a level; use error, warning, notice, info or debug");
}

}  // namespace

GROUP(log, CASE(a_text_line_has_time_level_event_and_fields), CASE(a_value_cannot_forge_a_line_or_a_field),
      CASE(a_json_line_is_one_object_whatever_the_bytes),
      CASE(journal_fields_carry_the_priority_and_farol_names), CASE(every_event_name_has_its_own_message_id),
      CASE(levels_of_a_category_change_at_run_time), CASE(more_than_ten_a_second_of_one_event_are_counted),
      CASE(a_reader_that_does_not_read_loses_lines_and_blocks_nobody),
      CASE(a_redirected_stderr_is_not_taken_for_the_journal), CASE(a_level_is_read_by_its_word))
