// SPDX-License-Identifier: AGPL-3.0-or-later
#include <cstdlib>

#include "tests/cluster/kvd/daemon.h"
#include "tests/cluster/kvd/plain_streams.h"

namespace {

// For measurements: KVD_PLAIN_STREAMS=1 in the environment.
frame::OpenLinks chosen_links() {
    return std::getenv("KVD_PLAIN_STREAMS") != nullptr ? frame::OpenLinks(kvd::PlainStreams::open)
                                                       : frame::OpenLinks();
}

}  // namespace

int main(int argc, char** argv) {
    const frame::Program program{.binary = "cluster_kvd",
                                 .daemon = "kvd",
                                 .purpose = "a key-value daemon for tests of clusters",
                                 .open_links = chosen_links()};
    const frame::Args args = frame::parse_args(program, argc, argv);
    const auto loaded = frame::load<kvd::Config>(program, args);
    if (!loaded) return frame::report(loaded.error());
    if (args.check_only) return frame::report_good(args);
    const auto host = frame::Frame::open(program, args, loaded->config.frame);
    if (!host) return frame::report(host.error());
    kvd::Daemon daemon(**host, loaded->config);
    (*host)->on_reload<kvd::Config>(*loaded, {},
                                    [&daemon](const kvd::Config& fresh) { return daemon.reload(fresh); });
    return (*host)->run(daemon);
}
