// SPDX-License-Identifier: AGPL-3.0-or-later
//
// faulty_server [--fault none|lost-write|stale-read|double-apply] [--seed N] [--nodes N] [--cert PEM --key
// PEM --ca PEM]
//
// Says "ready PORT..." and serves until SIGTERM.
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "tests/cluster/checker/faulty_server/server.h"

namespace {

bool parse(int argc, char** argv, faulty::Options& options) {
    const std::map<std::string, faulty::Fault> faults{{"none", faulty::Fault::kNone},
                                                      {"lost-write", faulty::Fault::kLostWrite},
                                                      {"stale-read", faulty::Fault::kStaleRead},
                                                      {"double-apply", faulty::Fault::kDoubleApply}};
    for (int i = 1; i < argc; i += 2) {
        const std::string name = argv[i];
        if (i + 1 == argc) return false;
        const std::string value = argv[i + 1];
        if (name == "--fault" && faults.contains(value))
            options.fault = faults.at(value);
        else if (name == "--seed")
            options.seed = static_cast<unsigned>(std::strtoul(value.c_str(), nullptr, 10));
        else if (name == "--nodes")
            options.nodes = std::atoi(value.c_str());
        else if (name == "--cert")
            options.certificate = value;
        else if (name == "--key")
            options.key = value;
        else if (name == "--ca")
            options.authority = value;
        else
            return false;
    }
    return options.nodes > 0;
}

int fail(const std::string& why) {
    std::fprintf(stderr, "faulty_server: %s\n", why.c_str());
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    faulty::Options options;
    if (!parse(argc, argv, options)) return fail("wrong arguments");
    auto loop = loop::Loop::create();
    if (!loop) return fail(loop.error().text);
    faulty::Server server(**loop, options);
    const auto ports = server.listen();
    if (!ports) return fail(ports.error().text);
    std::printf("ready");
    for (const uint16_t port : *ports) std::printf(" %u", port);
    std::printf("\n");
    std::fflush(stdout);
    const auto ended = (*loop)->on_signal(SIGTERM, [&] { (*loop)->stop(); });
    (*loop)->run();
    return 0;
}
