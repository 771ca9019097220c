# Stands in for `docker system dial-stdio`: connects standard input and output to the socket in its argument.
use strict;
use warnings;
use Socket;

socket(my $engine, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!";
connect($engine, sockaddr_un($ARGV[0])) or die "connect: $!";

sub copy {
    my ($from, $to) = @_;
    while (sysread($from, my $bytes, 65536)) {
        for (my $at = 0; $at < length $bytes;) {
            $at += syswrite($to, $bytes, length($bytes) - $at, $at) // return;
        }
    }
}

my $parent = $$;
defined(my $child = fork()) or die "fork: $!";
if ($child) {
    copy($engine, \*STDOUT);
    kill 'KILL', $child;
    waitpid $child, 0;
} else {
    copy(\*STDIN, $engine);
    shutdown $engine, 1;
}
