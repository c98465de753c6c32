// SPDX-License-Identifier: AGPL-3.0-or-later
#include "provd/daemon.h"

int main(int argc, char** argv) {
    const frame::Program program{
        .binary = "provd", .daemon = "provd", .purpose = "Farol's provisioning service"};
    const frame::Args args = frame::parse_args(program, argc, argv);  // --help and --version end here
    const auto loaded = frame::load<provd::Config>(program, args);
    if (!loaded) return frame::report(loaded.error());  // every problem, with file and line
    if (args.check_only) return frame::report_good(args);
    const auto host = frame::Frame::open(program, args, loaded->config.frame);
    if (!host) return frame::report(host.error());
    provd::Daemon daemon;
    (*host)->on_reload<provd::Config>(*loaded, {},
                                      [&daemon](const provd::Config& fresh) { return daemon.reload(fresh); });
    return (*host)->run(daemon);  // READY … drained
}
