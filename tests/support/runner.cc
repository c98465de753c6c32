// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The main() of every unit test binary: hands the groups to cmocka, one after another.
#include <csetjmp>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "tests/support/test.h"

extern "C" {
#include <cmocka.h>
}
#undef fail
#undef skip

namespace test {

void fail_at(const char* file, int line, const std::string& what) {
    throw Failure(std::string(file) + ":" + std::to_string(line) + ": " + what);
}

namespace {

void run_case(void** state) {
    static char why[2048];
    why[0] = '\0';
    try {
        static_cast<const Case*>(*state)->body();
    } catch (const std::exception& error) {
        std::snprintf(why, sizeof why, "%s", error.what());
    }
    if (why[0] != '\0') {  // no C++ object is alive here
        print_error("%s\n", why);
        _fail(__FILE__, __LINE__);
    }
}

int run_group(const Group& group) {
    std::vector<CMUnitTest> tests;
    tests.reserve(group.cases.size());
    for (const Case& one : group.cases)
        tests.push_back({one.name, run_case, nullptr, nullptr, const_cast<Case*>(&one)});
    return _cmocka_run_group_tests(group.name, tests.data(), tests.size(), nullptr, nullptr);
}

}  // namespace
}  // namespace test

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    if (argc > 1 && std::string_view(argv[1]) == "--list") {
        for (auto group = test::kGroups; *group != nullptr; ++group)
            for (const auto& one : (*group)->cases) std::printf("%s.%s\n", (*group)->name, one.name);
        return 0;
    }
    std::string pattern = argc > 1 ? argv[1] : "*";
    std::string only;  // "tcp.*": the cases of one group
    if (const size_t dot = pattern.find('.'); dot != std::string::npos) {
        only = pattern.substr(0, dot);
        pattern.erase(0, dot + 1);
    }
    cmocka_set_test_filter(pattern.c_str());
    int failed = 0;
    for (auto group = test::kGroups; *group != nullptr; ++group)
        if (only.empty() || only == (*group)->name) failed += test::run_group(**group);
    return failed == 0 ? 0 : 1;
}

#if defined(__SANITIZE_THREAD__)
// libuv is not built with ThreadSanitizer and closes descriptors by a raw system call: one whose number is
// used again on another thread is still the old one to it. Named are libuv's uses and the calls by which such
// a number is got or given back: they call nothing of ours, so no race of ours is left out.
extern "C" const char* __tsan_default_suppressions() {
    return "race:libuv.so\nrace:^open$\nrace:^open64$\nrace:^openat$\nrace:^opendir$\nrace:^socket$\n"
           "race:^socketpair$\nrace:^accept$\nrace:^accept4$\nrace:^eventfd$\nrace:^pipe2$\nrace:^dup$\n"
           "race:^epoll_create1$\nrace:^epoll_ctl$\nrace:^close$\nrace:^closedir$\n";
}
#endif
