// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crmd/daemon.h"

int main(int argc, char** argv) {
    const frame::Program program{
        .binary = "crmd", .daemon = "crmd", .purpose = "Farol's customer and billing service"};
    const frame::Args args = frame::parse_args(program, argc, argv);  // --help and --version end here
    const auto loaded = frame::load<crmd::Config>(program, args);
    if (!loaded) return frame::report(loaded.error());  // every problem, with file and line
    if (args.check_only) return frame::report_good(args);
    const auto host = frame::Frame::open(program, args, loaded->config.frame);
    if (!host) return frame::report(host.error());
    crmd::Daemon daemon;
    (*host)->on_reload<crmd::Config>(*loaded, {},
                                     [&daemon](const crmd::Config& fresh) { return daemon.reload(fresh); });
    return (*host)->run(daemon);  // READY … drained
}
