"""Addresses of the internet. What needs the list of public suffixes is not in this build of the reference implementation."""

from .values import over, select

LISTS = {
    "HOST": "''|'http://abc.xyz'|'//user:password@a.b:80/path?query'|'https://[::1]:80'|'    www.Example.Co.UK    '|'mailto:?to=&subject=&body='|'http://'|'http:a.b'|'http:/a.b'|'a.b/c'|'a.b:80'|'a.b?x'|'a.b#x'|'http://a.b\\\\c'|'1http://a.b'|'http:///a.b'|'http://@'|'http://x@y@z'|'http://[::1'|'http://[abc]x:1'|'http://a..b'|'http://.a.b.'|'http://a。b'|'\\thttp://a.b\\n'|'http://例子.卷筒纸.中国'|NULL|1|b'a'|'a', 'b'|'a.b/c//d'|'x:y//a.b'|'//a.b'|'http://a.b:'|'ftp://u:p@h'",
    "IP_FROM_STRING": "'1.2.3.4'|'::1'|'::ffff:1.2.3.4'|' 1.2.3.4'|'01.2.3.4'|'fe80::1%eth0'|'x'|''|'1.2.3'|'1.2.3.256'|'2001:db8::1'|NULL|1",
    "SAFE_IP_FROM_STRING": "'1.2.3.4'|'x'|''|NULL|'::'",
    "IP_TO_STRING": "b'\\x01\\x02\\x03\\x04'|b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\xff\\xff\\x01\\x02\\x03\\x04'|b'\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x01\\x02\\x03\\x04'|b'\\x20\\x01\\x0d\\xb8\\x00\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x01'|b'\\x01'|b''|NULL|'a'",
    "IP_TRUNC": "b'\\x01\\x02\\x03\\x04', 20|b'\\xff\\xff\\xff\\xff', 0|b'\\xff\\xff\\xff\\xff', 32|b'\\xff\\xff\\xff\\xff', 33|b'\\xff\\xff\\xff\\xff', -1|b'\\x01', 3|NULL, 1|b'\\xff\\xff\\xff\\xff', NULL",
    "IP_NET_MASK": "4, 0|4, 20|4, 32|4, 33|4, -1|16, 1|16, 128|3, 1|NULL, 1|4, NULL|4",
    "IPV4_FROM_INT64": "0|5|11259375|4294967295|4294967296|-1|-2147483648|-2147483649|NULL|'1'",
    "IPV4_TO_INT64": "b'\\x00\\xde\\xad\\xbe\\xef'|b'\\x00\\x00\\x00\\x00'|b'\\xff\\xff\\xff\\xff'|b'\\x01'|b''|NULL|1",
}


def cases(random):
    for name, lists in LISTS.items():
        for arguments in lists.split("|"):
            yield select(f"NET.{name}({arguments})")
            yield select(f"SAFE.NET.{name}({arguments})")
    yield over("NET.HOST(x)", ["'http://a.b/c'", "'x'", "NULL", "''"])
    yield over("NET.SAFE_IP_FROM_STRING(x)", ["'1.2.3.4'", "'::1'", "'x'", "NULL"])
    yield over("NET.IP_TRUNC(NET.IP_FROM_STRING(x), 16)", ["'1.2.3.4'", "'::1'", "NULL"])
